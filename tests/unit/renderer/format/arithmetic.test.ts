import { describe, expect, it } from 'vitest';
import { describeArithmetic, describeKernels } from '../../../../src-renderer/format/arithmetic.ts';
import { usableBuilds } from '../../../../src-main/engine/kernels/select.ts';

describe('the arithmetic of a run in words', () => {
  it('names the build and counts the threads', () => {
    expect(describeArithmetic('wasm-relaxed', 2)).toBe('relaxed SIMD, 2 threads');
    expect(describeArithmetic('reference', 1)).toBe('plain loops, 1 thread');
  });

  it('has words for every build that there is, and keeps the name of one from elsewhere', () => {
    for (const { name } of usableBuilds()) expect(describeKernels(name), name).not.toBe(name);
    expect(describeKernels('gpu')).toBe('gpu');
  });
});
