/** Grey `(height, width, 1)` or colour `(height, width, 3)` bytes as what a canvas takes. */
export function toImageData(pixels: Uint8Array, height: number, width: number, channels: number): ImageData {
  const image = new ImageData(width, height);
  const data = image.data;
  const green = channels === 3 ? 1 : 0;
  const blue = channels === 3 ? 2 : 0;
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    const from = pixel * channels;
    const to = pixel * 4;
    data[to] = pixels[from]!;
    data[to + 1] = pixels[from + green]!;
    data[to + 2] = pixels[from + blue]!;
    data[to + 3] = 255;
  }
  return image;
}
