import { formatCount } from '../../format/quantities.ts';
import type { Entry } from '../../state/entries.ts';

const countOf = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** `12 runs, 3 models in the library`; with how many of them are shown where not all are. Empty while there are none. */
export function describeCounts(all: readonly Entry[], shown: readonly Entry[]): string {
  const runs = all.filter(({ run }) => run !== null).length;
  const models = all.length - runs;
  const parts = [
    runs === 0 ? '' : countOf(runs, 'run', 'runs'),
    models === 0 ? '' : `${countOf(models, 'model', 'models')} in the library`,
    shown.length === all.length ? '' : `${formatCount(shown.length)} shown`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
