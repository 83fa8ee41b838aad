// What a temperature would do for a model: the page and the command line fit and show the same.
import { atTemperature, fitTemperature, measureCalibration, temperatureLimits } from './calibration.ts';
import { confidences, meanResult, predictedClasses } from './predictions.ts';

/** How well calibrated a model's probabilities are, and the temperature they were made with. */
export interface CalibrationFacts {
  /** Null where the model has none. */
  temperature: number | null;
  /** Mean categorical cross-entropy. */
  loss: number;
  /** The expected calibration error. */
  calibrationError: number;
}

/** What a model said of images whose labels are known. */
export interface LabelledPredictions {
  /** `(images, classes)` */
  probabilities: ArrayLike<number>;
  labels: ArrayLike<number>;
  classCount: number;
  /** The temperature that the probabilities were made with; null for none. */
  temperature: number | null;
}

/** The facts of probabilities as they are. */
export function calibrationFactsOf(predictions: LabelledPredictions): CalibrationFacts {
  const { probabilities, labels, classCount, temperature } = predictions;
  const predicted = predictedClasses(probabilities, classCount);
  const { expectedError } = measureCalibration(
    confidences(probabilities, classCount),
    (image) => predicted[image] === labels[image],
  );
  const { loss } = meanResult(probabilities, labels, classCount);
  return { temperature, loss, calibrationError: expectedError };
}

/**
 * The temperature at which the loss of these images is least, within `temperatureLimits`, and what it would give; the
 * temperature that the model has already is included in it. To be fitted on images that were not trained on.
 */
export function fitModelTemperature(
  predictions: LabelledPredictions,
): CalibrationFacts & { temperature: number } {
  const { probabilities, labels, classCount } = predictions;
  const present = predictions.temperature ?? 1;
  const { minimum, maximum } = temperatureLimits;
  const further = fitTemperature(probabilities, labels, classCount);
  const temperature = Math.min(maximum, Math.max(minimum, further * present));
  const scaled = atTemperature(probabilities, classCount, temperature / present);
  return {
    ...calibrationFactsOf({ probabilities: scaled, labels, classCount, temperature }),
    temperature,
  };
}
