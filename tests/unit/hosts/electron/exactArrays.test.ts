import { describe, expect, it } from 'vitest';
import { withoutSurroundings } from '../../../../src-main/hosts/electron/exactArrays.ts';

describe('a value on its way through structured clones', () => {
  it('leaves the buffers behind that its arrays are views of', () => {
    const whole = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    const sent = {
      pixels: whole.subarray(10, 13),
      list: [{ part: whole.subarray(999) }],
      name: 'x',
      none: null,
    };
    const exact = withoutSurroundings(sent);
    expect(exact).toEqual({
      pixels: Uint8Array.of(10, 11, 12),
      list: [{ part: Uint8Array.of(231) }],
      name: 'x',
      none: null,
    });
    const { pixels } = exact as typeof sent;
    expect(pixels.buffer.byteLength).toBe(3);
  });

  it("has plain arrays in place of Node's pooled buffers", () => {
    const exact = withoutSurroundings(Buffer.from('abc'));
    expect(exact).toEqual(Uint8Array.of(97, 98, 99));
    expect((exact as Uint8Array).buffer.byteLength).toBe(3);
  });

  it('copies no array that is whole', () => {
    const whole = new Uint8Array(5);
    expect(withoutSurroundings(whole)).toBe(whole);
  });
});
