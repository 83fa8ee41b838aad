import { describe, expect, it, vi } from 'vitest';
import { ImageSource, type ImageBatch } from '../../../../../src-renderer/ui/images/imageSource.svelte.ts';

// Runes are compiled away in the page's build; here plain values do.
vi.stubGlobal(
  '$state',
  Object.assign((value: unknown) => value, { raw: (value: unknown) => value }),
);

const shape = { height: 1, width: 2, channels: 1 };

/** Answers when told to; an image's two pixels are its number and its number plus one. */
function slowImages() {
  const asked: number[][] = [];
  const answers: (() => Promise<void>)[] = [];
  const fetchImages = (indices: number[]): Promise<ImageBatch> => {
    asked.push(indices);
    return new Promise((resolve) => {
      answers.push(async () => {
        resolve({ shape, pixels: Uint8Array.from(indices.flatMap((index) => [index, index + 1])) });
        await Promise.resolve();
        await Promise.resolve();
      });
    });
  };
  return { asked, answers, source: new ImageSource(fetchImages) };
}

const numbers = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, place) => first + place);

describe('ImageSource', () => {
  it('gives each image its own pixels once they are there', async () => {
    const { answers, source } = slowImages();
    source.want([7, 3]);
    expect(source.pixelsOf(7)).toBeNull();
    await answers[0]!();
    expect([...source.pixelsOf(7)!]).toEqual([7, 8]);
    expect([...source.pixelsOf(3)!]).toEqual([3, 4]);
    expect(source.shape).toEqual(shape);
  });

  it('asks for an image once, however often it is wanted', async () => {
    const { asked, answers, source } = slowImages();
    source.want([1, 2]);
    source.want([2, 3]);
    await answers[0]!();
    await answers[1]!();
    source.want([1, 2, 3]);
    expect(asked).toEqual([[1, 2], [3]]);
  });

  it('has few requests on their way, and fetches what was wanted last before the rest', async () => {
    const { asked, answers, source } = slowImages();
    source.want(numbers(0, 1000));
    expect(asked).toHaveLength(2);
    source.want([5000]);
    await answers[0]!();
    expect(asked).toHaveLength(3);
    expect(asked[2]![0]).toBe(5000);
  });

  it('forgets what was scrolled past long ago', async () => {
    const { asked, answers, source } = slowImages();
    for (let screen = 0; screen < 40; screen += 1) source.want(numbers(screen * 500, 500));
    for (let answer = 0; answer < answers.length; answer += 1) await answers[answer]!();
    expect(asked.flat().length).toBeLessThan(40 * 500 * 0.2);
    expect(source.pixelsOf(39 * 500)).not.toBeNull();
  });

  it('says what failed, and tries again when the images are wanted again', async () => {
    const failure = new Error('lost');
    const fetchImages = vi
      .fn<(indices: number[]) => Promise<ImageBatch>>()
      .mockRejectedValueOnce(failure)
      .mockResolvedValue({ shape, pixels: Uint8Array.of(4, 5) });
    const source = new ImageSource(fetchImages);
    source.want([4]);
    await vi.waitFor(() => expect(source.failure).toBe(failure));
    source.want([4]);
    await vi.waitFor(() => expect(source.pixelsOf(4)).not.toBeNull());
    expect(source.failure).toBeNull();
  });
});
