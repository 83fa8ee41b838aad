// How the person wants to see the curves; stays while other screens are looked at.

class ChartView {
  isLossLogarithmic = $state(false);
  /** Weight of the past in the moving average of the batch curves, 0 to 0.99. */
  smoothing = $state(0.9);
}

export const chartView = new ChartView();
