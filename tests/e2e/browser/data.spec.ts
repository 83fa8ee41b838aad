import { expect, test } from './weft.ts';

test('the Data screen shows the classes of Strokes, their counts and their images, held to the class that is chosen', async ({
  page,
  address,
}) => {
  await page.goto(address);
  const seven = page.getByRole('button', { name: '7: 1,200 training and 200 test images' });
  await expect(seven).toBeVisible();
  await expect(page.getByText('12,000 images', { exact: true })).toBeVisible();

  await seven.click();
  await expect(page.getByText('1,200 images of 7')).toBeVisible();
  await page.getByText('Test', { exact: true }).last().click();
  await expect(page.getByText('200 images of 7')).toBeVisible();

  const firstImage = page.getByRole('grid', { name: 'Images of Strokes' }).getByRole('gridcell').first();
  await expect(firstImage).toHaveAccessibleName(/^Image \d+: 7$/);
  const inkedPixels = (): Promise<number> =>
    firstImage.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels === undefined ? 0 : pixels.filter((value, at) => at % 4 === 0 && value > 127).length;
    });
  // A stroke covers a part of the 784 pixels, neither none nor nearly all.
  await expect.poll(inkedPixels).toBeGreaterThan(20);
  expect(await inkedPixels()).toBeLessThan(400);
});

test('an image opens large, the arrow keys go on, and Escape goes back', async ({ page, address }) => {
  await page.goto(address);
  const cells = page.getByRole('grid').getByRole('gridcell');
  const secondName = (await cells.nth(1).getAttribute('aria-label')) ?? '';
  await cells.first().click();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: secondName })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the theme that is chosen holds after a reload', async ({ page, address }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(address);
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Theme of the system' }).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
});
