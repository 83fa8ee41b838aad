import { describe, expect, it } from 'vitest';
import { layerMapsOf, mostMaps } from '../../../../../src-renderer/screens/errors/layerMaps.ts';

describe('layerMapsOf', () => {
  it('takes each channel of an image apart', () => {
    const maps = layerMapsOf([1, 2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(maps.map((map) => [...map.values])).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(maps[0]).toMatchObject({ height: 1, width: 2, name: 'Channel 1' });
  });

  it('shows no more channels than there is room for', () => {
    expect(layerMapsOf([1, 1, 100], new Float32Array(100))).toHaveLength(mostMaps);
  });

  it('lays a flat layer out in rows', () => {
    const [map] = layerMapsOf(
      [40],
      Float32Array.from({ length: 40 }, (_value, unit) => unit),
    );
    expect(map).toMatchObject({ height: 2, width: 32 });
    expect(map!.values[39]).toBe(39);
    expect(map!.values).toHaveLength(64);
  });
});
