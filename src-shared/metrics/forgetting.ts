// What a run learnt and forgot: `predicted (epochs, images)` are the classes predicted after each epoch, epoch by epoch.

/** Calls `visit` for each image with whether it was right after each epoch. */
function forEachImage(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  visit: (image: number, isRight: (epoch: number) => boolean, epochs: number) => void,
): void {
  const images = labels.length;
  const epochs = images === 0 ? 0 : predicted.length / images;
  for (let image = 0; image < images; image += 1) {
    visit(image, (epoch) => predicted[epoch * images + image] === labels[image], epochs);
  }
}

/** How often each image was right after an epoch and wrong after the next (Toneva and others, 2019). */
export function forgettingCounts(predicted: ArrayLike<number>, labels: ArrayLike<number>): Uint16Array {
  const counts = new Uint16Array(labels.length);
  forEachImage(predicted, labels, (image, isRight, epochs) => {
    for (let epoch = 1; epoch < epochs; epoch += 1) {
      if (isRight(epoch - 1) && !isRight(epoch)) counts[image]! += 1;
    }
  });
  return counts;
}

/** How often the predicted class of each image changed from one epoch to the next. */
export function flipCounts(predicted: ArrayLike<number>, images: number): Uint16Array {
  const counts = new Uint16Array(images);
  for (let place = images; place < predicted.length; place += 1) {
    if (predicted[place] !== predicted[place - images]) counts[place % images]! += 1;
  }
  return counts;
}

/** The images that were wrong after every epoch. */
export function alwaysWrong(predicted: ArrayLike<number>, labels: ArrayLike<number>): Uint32Array {
  const found: number[] = [];
  forEachImage(predicted, labels, (image, isRight, epochs) => {
    for (let epoch = 0; epoch < epochs; epoch += 1) if (isRight(epoch)) return;
    found.push(image);
  });
  return Uint32Array.from(found);
}

/** The images that were right after epoch `from` and are wrong after epoch `to`, both counted from 0. */
export function newlyWrong(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  from: number,
  to: number,
): Uint32Array {
  const found: number[] = [];
  forEachImage(predicted, labels, (image, isRight) => {
    if (isRight(from) && !isRight(to)) found.push(image);
  });
  return Uint32Array.from(found);
}
