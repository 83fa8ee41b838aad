import type { ExportSource } from '../exportFormat.ts';

/** The frameworks that scripts are written for. */
export type Framework = 'numpy' | 'pytorch' | 'keras';

/** What scripts are written of. */
export type ScriptSource = Pick<ExportSource, 'model' | 'data'>;
