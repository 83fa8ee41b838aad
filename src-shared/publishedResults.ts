// Published test accuracies to stand next to. Each was read in the table that is named: that of Fashion-MNIST's own README
// (github.com/zalandoresearch/fashion-mnist), and copies of that of the MNIST database's page by LeCun, Cortes and Burges
// (yann.lecun.com/exdb/mnist), which names the papers and gives errors: 0.8 % there is 0.992 here. LeNet-5 without
// distortions is known from a summary of it alone.

export interface PublishedResult {
  method: string;
  /** Share of the test images that are right. */
  accuracy: number;
  /** Who says so, in the table. */
  source: string;
}

export interface PublishedTable {
  /** Where it stands, and what it is worth, in a sentence. */
  table: string;
  /** Digits after the point that percentages have there. */
  digits: number;
  /** The best first. */
  results: readonly PublishedResult[];
}

/** By dataset. */
export const publishedResults: Readonly<Record<string, PublishedTable>> = {
  'fashion-mnist': {
    table:
      "From the table in the dataset's own README, to which authors submit their results; not tested there, nor here.",
    digits: 1,
    results: [
      {
        method: 'Wide ResNet 40-4, 8.9M parameters, augmentation',
        accuracy: 0.967,
        source: 'README: ajbrock',
      },
      {
        method: 'DenseNet-BC, 768K parameters, augmentation',
        accuracy: 0.954,
        source: 'README: ajbrock',
      },
      { method: 'ResNet18, augmentation', accuracy: 0.949, source: 'README: Kyriakos Efthymiadis' },
      { method: 'VGG16, 26M parameters', accuracy: 0.935, source: 'README: QuantumLiu' },
      {
        method: '2 convolutions and 3 dense layers, 1.8M parameters',
        accuracy: 0.932,
        source: 'README: Xfan1025',
      },
      { method: '2 convolutions, less than 100K parameters', accuracy: 0.925, source: 'README: hardmaru' },
      { method: '2 convolutions, 113K parameters', accuracy: 0.922, source: 'README: Abel G.' },
      { method: 'Dense 256-128-64', accuracy: 0.9, source: 'README: lianghong' },
      {
        method: 'People without training in fashion, majority of 3, on 1,000 of the images',
        accuracy: 0.835,
        source: 'README: Leo',
      },
    ],
  },
  mnist: {
    table: "From the table on the MNIST database's own page, which names the papers; not trained anew here.",
    digits: 2,
    results: [
      {
        method: 'Committee of 35 convolutional networks, elastic distortions',
        accuracy: 0.9977,
        source: 'Cireşan et al., CVPR 2012',
      },
      {
        method: 'Convolutional network, elastic distortions',
        accuracy: 0.996,
        source: 'Simard et al., ICDAR 2003',
      },
      { method: 'LeNet-5, with distortions', accuracy: 0.992, source: 'LeCun et al. 1998' },
      { method: 'LeNet-5', accuracy: 0.9905, source: 'LeCun et al. 1998' },
      { method: 'Dense 300-100', accuracy: 0.9695, source: 'LeCun et al. 1998' },
      { method: 'Dense 300', accuracy: 0.953, source: 'LeCun et al. 1998' },
      { method: 'Nearest neighbours, Euclidean', accuracy: 0.95, source: 'LeCun et al. 1998' },
      { method: 'Linear classifier', accuracy: 0.88, source: 'LeCun et al. 1998' },
    ],
  },
};
