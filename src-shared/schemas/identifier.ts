import * as v from 'valibot';

/** What the ids of datasets, runs and models are made of. They name folders and files, so they are held to harmless characters. */
export const idPattern = /^[a-z0-9][a-z0-9-]{0,79}$/;

export const idSchema = v.pipe(v.string(), v.regex(idPattern, 'must be letters, digits and hyphens'));
