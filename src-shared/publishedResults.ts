// Published test accuracies to stand next to. Those of Fashion-MNIST are from the table in the dataset's own README, where
// their authors submitted them (github.com/zalandoresearch/fashion-mnist; not checked there, one run each); those of
// MNIST from the papers named.

export interface PublishedResult {
  method: string;
  /** Share of the test images that are right. */
  accuracy: number;
  source: string;
}

const fashionTable = 'Fashion-MNIST README, submitted by';

/** By dataset, the best first. */
export const publishedResults: Readonly<Record<string, readonly PublishedResult[]>> = {
  'fashion-mnist': [
    {
      method: 'Wide ResNet 40-4, 8.9M parameters, augmentation',
      accuracy: 0.967,
      source: `${fashionTable} ajbrock`,
    },
    {
      method: 'DenseNet-BC, 768K parameters, augmentation',
      accuracy: 0.954,
      source: `${fashionTable} ajbrock`,
    },
    { method: 'ResNet18, augmentation', accuracy: 0.949, source: `${fashionTable} Kyriakos Efthymiadis` },
    { method: 'VGG16, 26M parameters', accuracy: 0.935, source: `${fashionTable} QuantumLiu` },
    {
      method: '2 convolutions and 3 dense layers, 1.8M parameters',
      accuracy: 0.932,
      source: `${fashionTable} Xfan1025`,
    },
    {
      method: '2 convolutions, less than 100K parameters',
      accuracy: 0.925,
      source: `${fashionTable} hardmaru`,
    },
    { method: '2 convolutions, 113K parameters', accuracy: 0.922, source: `${fashionTable} Abel G.` },
    { method: 'Dense 256-128-64', accuracy: 0.9, source: `${fashionTable} lianghong` },
    {
      method: 'People without training in fashion, majority of 3',
      accuracy: 0.835,
      source: `${fashionTable} Leo`,
    },
  ],
  mnist: [
    {
      method: 'Committee of 35 deep convolutional networks',
      accuracy: 0.9977,
      source: 'Cireşan, Meier & Schmidhuber 2012',
    },
    {
      method: 'Convolutional network, elastic distortions',
      accuracy: 0.996,
      source: 'Simard, Steinkraus & Platt 2003',
    },
    { method: 'LeNet-5, with distortions', accuracy: 0.992, source: 'LeCun, Bottou, Bengio & Haffner 1998' },
    { method: 'LeNet-5', accuracy: 0.9905, source: 'LeCun, Bottou, Bengio & Haffner 1998' },
    { method: 'Dense 300-100', accuracy: 0.9695, source: 'LeCun, Bottou, Bengio & Haffner 1998' },
    { method: 'Dense 300', accuracy: 0.953, source: 'LeCun, Bottou, Bengio & Haffner 1998' },
    { method: 'Nearest neighbours', accuracy: 0.95, source: 'LeCun, Bottou, Bengio & Haffner 1998' },
    { method: 'Linear classifier', accuracy: 0.88, source: 'LeCun, Bottou, Bengio & Haffner 1998' },
  ],
};
