// What a person writes on a run or a model to find it again.
import * as v from 'valibot';

export const annotationLimits = { tags: 20, tagLength: 40, notesLength: 10_000 } as const;

const tagSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(annotationLimits.tagLength, `must have at most ${annotationLimits.tagLength} characters`),
);

/** The tags without those that differ from an earlier one in capitals alone. */
function withoutRepeats(tags: string[]): string[] {
  const seen = new Set<string>();
  return tags.filter((tag) => {
    const key = tag.toLowerCase();
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

export const tagsSchema = v.pipe(
  v.array(tagSchema),
  v.maxLength(annotationLimits.tags, `must be at most ${annotationLimits.tags} tags`),
  v.transform(withoutRepeats),
);

export const notesSchema = v.pipe(
  v.string(),
  v.maxLength(annotationLimits.notesLength, `must have at most ${annotationLimits.notesLength} characters`),
);

/** Beside the name of a run or a model; files from before there were any have none. */
export const annotationEntries = {
  tags: v.optional(v.array(v.string()), () => []),
  notes: v.optional(v.string(), ''),
};

export interface Annotation {
  tags: string[];
  notes: string;
}

/** What of an annotation is to change; the rest stays. */
export interface AnnotationChanges {
  tags?: string[] | undefined;
  notes?: string | undefined;
}

/** The annotation after the changes. */
export function changeAnnotation({ tags, notes }: Annotation, changes: AnnotationChanges): Annotation {
  return { tags: changes.tags ?? tags, notes: changes.notes ?? notes };
}
