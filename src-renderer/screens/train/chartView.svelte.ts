// How the person wants to see the curves; stays while other screens are looked at.

class ChartView {
  isLossLogarithmic = $state(false);
  /** From 0 to 3: the average goes over about `10 ** smoothingStrength` batches. */
  smoothingStrength = $state(1);
  /** Weight of the past in the moving average of the batch curves, 0 to 0.999. */
  readonly smoothing = $derived(1 - 10 ** -this.smoothingStrength);
}

export const chartView = new ChartView();
