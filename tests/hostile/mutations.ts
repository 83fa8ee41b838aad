// What may have happened to a file on its way, by chance or on purpose.
import fc from 'fast-check';

/** One thing that is done to a file's bytes; places are fractions of its length, so that they fit any file. */
export type Mutation =
  | { kind: 'overwrite'; place: number; bytes: Uint8Array }
  | { kind: 'insert'; place: number; bytes: Uint8Array }
  | { kind: 'remove'; place: number; length: number }
  | { kind: 'repeat'; place: number; length: number }
  | { kind: 'cut'; place: number }
  | { kind: 'number'; place: number; value: number; width: 2 | 4 | 8 }
  | { kind: 'digit'; place: number; digit: string }
  | { kind: 'rename'; from: string; to: string };

/** Numbers that overflow, wrap round, or ask for more memory than there is. */
const extremes = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff];
/** Names that mean something to JavaScript, to a file system or to the formats. */
export const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  '../../../x',
  '/etc/passwd',
  'C:\\x',
  '..\\..\\x',
  'run.json',
  '__metadata__',
  '',
  '\u0000',
];

/** What may stand where a digit stood. */
const digits = ['0', '1', '9', '-', '.', 'e', '[', ']', '{', '}', '"', ','];

const places = 2 ** 30;
/** Not `fc.double`, which draws among the numbers that there are: nearly all of them lie next to 0. */
const place = fc.nat(places - 1).map((at) => at / places);
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 16 });

/** `names` stand in the file and may be replaced by hostile ones. */
export function mutationArbitrary(names: readonly string[]): fc.Arbitrary<Mutation> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('overwrite' as const), place, bytes: someBytes }) },
    fc.record({ kind: fc.constant('insert' as const), place, bytes: someBytes }),
    fc.record({ kind: fc.constant('remove' as const), place, length: fc.integer({ min: 1, max: 64 }) }),
    fc.record({ kind: fc.constant('repeat' as const), place, length: fc.integer({ min: 1, max: 4096 }) }),
    fc.record({ kind: fc.constant('cut' as const), place }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('number' as const),
        place,
        value: fc.constantFrom(...extremes),
        width: fc.constantFrom(2 as const, 4 as const, 8 as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('digit' as const),
        place,
        digit: fc.constantFrom(...digits),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('rename' as const),
        from: fc.constantFrom(...names),
        to: fc.constantFrom(...hostileNames, ...names),
      }),
    },
  );
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(parts));

function apply(bytes: Uint8Array<ArrayBuffer>, mutation: Mutation): Uint8Array<ArrayBuffer> {
  if (mutation.kind === 'rename') {
    const text = Buffer.from(bytes).toString('latin1');
    return new Uint8Array(
      Buffer.from(
        text.replaceAll(mutation.from, () => mutation.to),
        'latin1',
      ),
    );
  }
  const at = Math.floor(mutation.place * bytes.byteLength);
  switch (mutation.kind) {
    case 'overwrite': {
      const changed = bytes.slice();
      changed.set(mutation.bytes.subarray(0, bytes.byteLength - at), at);
      return changed;
    }
    case 'insert':
      return joined(bytes.subarray(0, at), mutation.bytes, bytes.subarray(at));
    case 'remove':
      return joined(bytes.subarray(0, at), bytes.subarray(at + mutation.length));
    case 'repeat':
      return joined(bytes.subarray(0, at + mutation.length), bytes.subarray(at));
    case 'cut':
      return bytes.slice(0, at);
    case 'number': {
      const changed = bytes.slice();
      for (let index = 0; index < mutation.width && at + index < bytes.byteLength; index += 1) {
        changed[at + index] = index < 4 ? (mutation.value >>> (8 * index)) & 0xff : 0;
      }
      return changed;
    }
    case 'digit': {
      // A digit of a header, where there is one from this place on: numbers in JSON and in Python's literals.
      const found = bytes.findIndex((byte, index) => index >= at && byte >= 0x30 && byte <= 0x39);
      const changed = bytes.slice();
      if (found >= 0) changed[found] = mutation.digit.charCodeAt(0);
      return changed;
    }
  }
}

/** The bytes after all mutations, one after the other. */
export function mutate(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array<ArrayBuffer> {
  return mutations.reduce<Uint8Array<ArrayBuffer>>(apply, new Uint8Array(bytes));
}
