// What the module exports. Pointers and counts are trusted: ../wasm.ts is the only caller.
export { activate, backpropagate } from "./activations";
export { addNoise, eraseRectangle, moveImage } from "./augmentation";
export { average, swap } from "./averaging";
export { drop } from "./dropout";
export { transposeRows } from "./flattening";
export { limitColumns, limitValues, scale, sumSquares } from "./limits";
export { gatherMixed } from "./mixing";
export { multiply, multiplyByTranspose } from "./multiply";
export { measureChannels, normalize, normalizeBack, sumGradients } from "./normalization";
export { averagePool, averagePoolBack, maxPool, maxPoolBack } from "./pooling";
export { prelu, preluBack } from "./prelu";
export { placeNodes, resamplePlane, spreadPlane } from "./resampling";
export { addBias, gather, sumRows, touchImages } from "./rows";
export { softmax, softmaxCrossEntropy } from "./softmax";
export { adagrad, adam, gradientDescent, lion, momentum, nesterov, penalize, rmsprop } from "./updates";
export { pad, transpose } from "./windows";
