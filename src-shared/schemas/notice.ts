import * as v from 'valibot';
import { errorDataSchema } from '../failure.ts';

/** Something that happened when Weft started and that the person must be told once. */
export const noticeSchema = v.strictObject({ id: v.number(), ...errorDataSchema.entries });
export type Notice = v.InferOutput<typeof noticeSchema>;
