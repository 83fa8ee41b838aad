// What `npm run bench -- --screens` runs in the page. Each function is sent there as its text, so it uses nothing from
// around it but `painted`, which the first one leaves there.

/** `painted()` resolves once what was changed is on the screen. */
export function addPainted() {
  window.painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
    });
}

/** Milliseconds from each move of the time machine's slider until the new matrix, or the new grid, is on the screen. */
export async function timeSlider(places) {
  const slider = document.querySelector('[aria-label="Time machine"] input[type=range]');
  const shown = () => document.querySelector('[aria-label="Time machine"] output').textContent;
  const times = [];
  for (const place of places) {
    await window.painted();
    const before = shown();
    const startMs = performance.now();
    slider.value = String(place);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await window.painted();
    times.push(performance.now() - startMs);
    if (shown() === before) throw new Error('The slider moved, but what is shown did not.');
  }
  return times;
}

/** Milliseconds from a click on Errors until the grid is on the screen, and until its first image is. */
export async function timeOpening() {
  const link = [...document.querySelectorAll('nav a')].find((one) => one.textContent.includes('Errors'));
  const isDrawn = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, place) => place % 4 === 3 && value > 0);
  };
  const startMs = performance.now();
  link.click();
  let gridMs = 0;
  for (;;) {
    await window.painted();
    const canvas = document.querySelector('[role=gridcell] canvas');
    if (canvas === null) continue;
    if (gridMs === 0) gridMs = performance.now() - startMs;
    if (isDrawn(canvas)) return { gridMs, imageMs: performance.now() - startMs };
  }
}

/** Milliseconds between frames while the grid scrolls by 3,000 pixels a second. */
export async function timeScrolling(lengthMs) {
  const scroller = document.querySelector('[role=grid]');
  const pixelsPerMs = 3;
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  const endMs = before + lengthMs;
  while (before < endMs) {
    const now = await new Promise(requestAnimationFrame);
    scroller.scrollTop += pixelsPerMs * (now - before);
    frames.push(now - before);
    before = now;
  }
  return frames;
}
