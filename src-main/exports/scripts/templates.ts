// The Python files that exported scripts are cut from. They are whole modules that run as they are, so that they can be
// read, checked and mended as Python.
import augmentation from './python/augmentation.py?raw';
import data from './python/data.py?raw';
import images from './python/images.py?raw';
import kerasNetwork from './python/keras_network.py?raw';
import noTraining from './python/no_training.py?raw';
import numpyActivations from './python/numpy_activations.py?raw';
import numpyLearning from './python/numpy_learning.py?raw';
import numpyNetwork from './python/numpy_network.py?raw';
import numpyWindows from './python/numpy_windows.py?raw';
import predict from './python/predict.py?raw';
import recipe from './python/recipe.py?raw';
import torchLearning from './python/torch_learning.py?raw';
import torchNetwork from './python/torch_network.py?raw';
import train from './python/train.py?raw';
import weftRandom from './python/weft_random.py?raw';

export const templates = {
  augmentation,
  data,
  images,
  kerasNetwork,
  noTraining,
  numpyActivations,
  numpyLearning,
  numpyNetwork,
  numpyWindows,
  predict,
  recipe,
  torchLearning,
  torchNetwork,
  train,
  weftRandom,
} as const satisfies Record<string, string>;
