import { describe, expect, it } from 'vitest';
import { withRecentFile } from '../../../../src-renderer/state/recentFileList.ts';
import type { RecentFile } from '../../../../src-shared/schemas/settings.ts';

const file = (fileName: string, runId: string, how: RecentFile['how'] = 'saved'): RecentFile => ({
  fileName,
  how,
  at: '2026-01-01T00:00:00.000Z',
  model: { kind: 'run', runId },
});

describe('the files that were opened or saved lately', () => {
  it('have the latest at the top, and each file of a model once', () => {
    const first = withRecentFile([], file('a.safetensors', 'one'));
    const second = withRecentFile(first, file('b.safetensors', 'two'));
    const again = withRecentFile(second, file('a.safetensors', 'one', 'opened'));
    expect(again.map(({ fileName, how }) => [fileName, how])).toEqual([
      ['a.safetensors', 'opened'],
      ['b.safetensors', 'saved'],
    ]);
  });

  it('are different ones where another model went to the same name', () => {
    expect(withRecentFile([file('a.safetensors', 'one')], file('a.safetensors', 'two'))).toHaveLength(2);
  });

  it('are a dozen at most', () => {
    const all = Array.from({ length: 20 }, (_, index) => file(`${index}.safetensors`, 'one'));
    const kept = all.reduce<RecentFile[]>((files, one) => withRecentFile(files, one), []);
    expect(kept).toHaveLength(12);
    expect(kept[0]?.fileName).toBe('19.safetensors');
  });
});
