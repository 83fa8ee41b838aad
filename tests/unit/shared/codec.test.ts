import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../src-shared/codec.ts';

describe('messages as bytes', () => {
  it('come back as they went, whatever JSON and arrays they hold', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 2 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    // JSON has no -0.
    const sameInJson = (message: unknown): boolean => !JSON.stringify(message, negativeZero).includes('"-0"');
    fc.assert(
      fc.property(value.filter(sameInJson), (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }),
    );
  });

  it("carry Node's buffers as bytes like any other array", () => {
    const decoded = decodeMessage(encodeMessage({ id: 1, output: { bytes: Buffer.from([1, 2, 255]) } }));
    expect(decoded).toEqual({ id: 1, output: { bytes: Uint8Array.of(1, 2, 255) } });
  });

  it('carry a view as its own bytes only', () => {
    const whole = new Uint8Array(1_000_000).fill(7);
    expect(encodeMessage({ part: whole.subarray(10, 12) }).byteLength).toBeLessThan(100);
  });

  it.each([
    ['nothing', []],
    ['half a header', [1, 0]],
    ['a header that is longer than the message', [200, 0, 0, 0, 123, 125]],
    ['what is not JSON', [2, 0, 0, 0, 123, 123]],
    ['what is not UTF-8', [3, 0, 0, 0, 34, 255, 34]],
  ])('are refused when they are %s', (_what, bytes) => {
    expect(() => decodeMessage(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'codec.malformed' }) as Error,
    );
  });

  it('are refused when they point past their arrays', () => {
    const message = encodeMessage({ bytes: Uint8Array.of(1, 2, 3) });
    expect(() => decodeMessage(message.subarray(0, -1))).toThrow(
      expect.objectContaining({ code: 'codec.malformed' }) as Error,
    );
  });
});

function negativeZero(_key: string, value: unknown): unknown {
  return Object.is(value, -0) ? '-0' : value;
}
