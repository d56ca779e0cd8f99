/**
 * The public API of impflow: implicit normalizing flows on an immutable-expression core. Expressions are built and
 * rewritten; interpreters turn them into numbers. What a correct caller can meet is an `Either`, what is a bug throws.
 */

// Tensors: immutable expressions, and where their numbers come from and go to.
export { toArray, toNested } from './interpret/reference/reference.js'
export { fromArray, fromNdarray, fromNested, type Nested, scalar } from './tensor/constructors.js'
export { input } from './tensor/primitives/input.js'
export type { Shape } from './tensor/shape.js'
export type { Like, Primitive, Side, Tensor } from './tensor/tensor.js'
export { leaves, mapTree, namedLeaves, type Tree, withLeaves } from './tensor/tree.js'

// Operations on axes and matrices, and iteration.
export { broadcast, broadcastTo } from './tensor/primitives/broadcast.js'
export { concat, stack } from './tensor/primitives/concat.js'
export { type Iteration, iterate } from './tensor/primitives/iterate.js'
export { logAbsDet } from './tensor/primitives/logAbsDet.js'
export { matmul } from './tensor/primitives/matmul.js'
export { max } from './tensor/primitives/max.js'
export { eye, gather, iota, oneHot } from './tensor/primitives/oneHot.js'
export { pad } from './tensor/primitives/pad.js'
export { permute, transposed } from './tensor/primitives/permute.js'
export { reshape } from './tensor/primitives/reshape.js'
export { at, slice } from './tensor/primitives/slice.js'
export { type Kind, solve } from './tensor/primitives/solve.js'
export { sum } from './tensor/primitives/sum.js'

// Elementwise operations; shapes broadcast, aligned at the last axis.
export { abs } from './tensor/primitives/abs.js'
export { add } from './tensor/primitives/add.js'
export { cos } from './tensor/primitives/cos.js'
export { div } from './tensor/primitives/div.js'
export { equal } from './tensor/primitives/equal.js'
export { exp } from './tensor/primitives/exp.js'
export { expm1 } from './tensor/primitives/expm1.js'
export { greater } from './tensor/primitives/greater.js'
export { greaterEqual } from './tensor/primitives/greaterEqual.js'
export { less, lessEqual } from './tensor/primitives/less.js'
export { log } from './tensor/primitives/log.js'
export { log1p } from './tensor/primitives/log1p.js'
export { maximum } from './tensor/primitives/maximum.js'
export { minimum } from './tensor/primitives/minimum.js'
export { mul } from './tensor/primitives/mul.js'
export { neg } from './tensor/primitives/neg.js'
export { power } from './tensor/primitives/power.js'
export { select } from './tensor/primitives/select.js'
export { sigmoid } from './tensor/primitives/sigmoid.js'
export { sign } from './tensor/primitives/sign.js'
export { sin } from './tensor/primitives/sin.js'
export { softplus } from './tensor/primitives/softplus.js'
export { sqrt } from './tensor/primitives/sqrt.js'
export { stopGradient } from './tensor/primitives/stopGradient.js'
export { sub } from './tensor/primitives/sub.js'
export { tanh } from './tensor/primitives/tanh.js'

// Rewrites: expression to expression, in any nesting.
export { grad, hessian, jacobian, jvp, tangents, valueAndGrad, vjp } from './rewrite/derivatives.js'
export { type LinearMap, linearize } from './rewrite/linearize.js'
export { simplify } from './rewrite/simplify.js'
export { vectorize } from './rewrite/vectorize.js'

// Interpreters: expressions to numbers, to enclosures of exact values, to bounds of rounding errors, to text.
export type { Backend, BackendError, Compiled, Precision, Reals } from './interpret/backend.js'
export { backendOf, openBackend } from './interpret/backends.js'
export { type GpuBackend, gpuBackend } from './interpret/gpu/gpuBackend.js'
export type { Offloading } from './interpret/gpu/plan.js'
export { onnxBackend } from './interpret/onnx/onnxBackend.js'
export { referenceBackend } from './interpret/reference/referenceBackend.js'
export { exactIntervals, type Intervals, intervalsAround, intervalsBetween } from './interpret/interval/intervals.js'
export type { Accuracy, Elementary, Machine } from './interpret/runningError/machine.js'
export { boundsOf, type KnownErrors, roundingErrors } from './interpret/runningError/runningError.js'
export { dot } from './interpret/text/dot.js'
export { listing } from './interpret/text/listing.js'

// Randomness: Threefry keys, and host samplers that are functions of a key.
export { bits as randomBits } from './random/bits.js'
export { geometric as sampleGeometric } from './random/geometric.js'
export { integer as sampleIntegers } from './random/integer.js'
export { foldIn, fromSeed, type Key, type Keys, split, threefry2x32 } from './random/key.js'
export { normal as sampleNormal } from './random/normal.js'
export { permutation as samplePermutation } from './random/permutation.js'
export { poisson as samplePoisson } from './random/poisson.js'
export { rademacher as sampleRademacher } from './random/rademacher.js'
export { uniform as sampleUniform } from './random/uniform.js'

// Nets, and their Lipschitz constants.
export { certifiedNorm } from './lipschitz/certifiedNorm.js'
export {
  byLemma as contractiveByLemma,
  composed as composeContractive,
  contractiveMlp
} from './lipschitz/contractive.js'
export { scaled as scaleContractive, summed as sumContractive } from './lipschitz/contractive.js'
export type { Contractive, Normed, Smooth } from './lipschitz/contractive.js'
export { inducedIteration, inducedNorm, inducedNormalized, type NormPair } from './lipschitz/inducedNorm.js'
export { almostOrthogonal, cayley, sllScales } from './lipschitz/layers/linear.js'
export { clipSwish, clipSwishBound, maxMin } from './lipschitz/layers/paired.js'
export { type ConcatenatedParameters, concatenated, type SllParameters, sll } from './lipschitz/layers/residualLayer.js'
export { provedSlope } from './lipschitz/provedSlope.js'
export {
  estimatedNorm,
  powerIteration,
  powerIterations,
  spectrallyNormalized,
  type Until,
  type Vectors
} from './lipschitz/spectralNorm.js'
export { type Activation, type ActivationName, activations } from './net/activations.js'
export { type Layer as DenseLayer, type MlpParameters, type MlpShape, mlp } from './net/mlp.js'
export { mlpTangents } from './net/mlpTangents.js'

// Roots, the solvers that find them, and enclosures of expressions with roots in them.
export { type AdjointReport, adjointReport } from './solve/adjoint.js'
export { anderson } from './solve/anderson.js'
export { broyden } from './solve/broyden.js'
export { defaultSolver, eliminates } from './solve/defaultSolver.js'
export { enclosures } from './solve/enclosures.js'
export { limitedBroyden } from './solve/limitedBroyden.js'
export { linearRoot } from './solve/linearRoot.js'
export { newton } from './solve/newton.js'
export { newtonKrylov } from './solve/newtonKrylov.js'
export { picard } from './solve/picard.js'
export { type RootReport, reportOf } from './solve/report.js'
export { isRoot, type RootNode, type RootOptions, root } from './solve/root.js'
export type { Problem, Solver, Trial } from './solve/solver.js'

// Flows: invertible maps of one sample, with their log-determinants.
export { actNorm, actNormStart } from './flow/actNorm.js'
export { type AffineParameters, affine } from './flow/affine.js'
export * from './flow/architecture.js'
export { type Bijection, chain, compose, type Image, identity, invert } from './flow/bijection.js'
export { type BlockName, blockNames } from './flow/blockKinds.js'
export { boundsAsGiven, type Certified, certify, type NotContractive } from './flow/certify.js'
export { type Conditioned, conditioned } from './flow/conditioned.js'
export { boundedAffine, type Conditioner, coupling, couplingSizes, type Kept } from './flow/coupling.js'
export {
  type InvertibleLinearParameters,
  type InvertibleLinearShape,
  invertibleLinear
} from './flow/invertibleLinear.js'
export { type ImplicitParameters, implicit } from './flow/implicit.js'
export { flowInput, type Layout, layoutOf, parameterCount, type Segment } from './flow/layout.js'
export { monotone } from './flow/monotone.js'
export { rationalQuadratic, type SplineShape, splineParameters } from './flow/rationalQuadratic.js'
export { type Method, residual } from './flow/residual.js'
export { boundedRoulette, finiteVarianceRoulette, type Guarantee, guaranteeOf } from './logdet/guarantee.js'
export { hutchPlusPlus, type SketchNoise } from './logdet/hutchPlusPlus.js'
export { type LanczosOptions, lanczos, lanczosBracket } from './logdet/lanczos.js'
export {
  controlledSeries,
  neumannSeries,
  powerSeries,
  type SeriesNoise,
  seriesDraws,
  truncatedSeries
} from './logdet/powerSeries.js'
export { drawProbes, type ProbeLaw } from './logdet/probes.js'
export { drawTerms, type Roulette, rouletteCoefficients, survival, type TermLaw } from './logdet/terms.js'
export { type DensityEstimates, type EstimateOptions, estimateDensity } from './distribution/estimate.js'
export { exact as exactLogDet, type LogDet } from './logdet/exact.js'
export {
  rouletteVarianceIsFinite,
  rouletteIsBounded,
  neumannBound,
  rouletteBound,
  tailBound,
  tailBoundFrobenius
} from './logdet/seriesBounds.js'

// Distributions: densities and samples, as expressions and as numbers of a fitted model.
export {
  compileDensity,
  compileSampler,
  type DensityEvaluation,
  type EvaluateError,
  type Evaluation
} from './distribution/evaluate.js'
export type { Densities, Model } from './distribution/model.js'
export { standardNormal } from './distribution/normal.js'
export { evaluationMethod } from './distribution/programs.js'
export { type Density as FlowDensity, logProb, sample } from './distribution/pushforward.js'

// Data: densities that are known exactly, files, splits.
export { parseCsv, toCsv } from './data/csv.js'
export { type DataError, dataErrorMessage, type Place } from './data/dataError.js'
export type { Density, Estimate, KnownDensity } from './data/density.js'
export { readPoints } from './data/file.js'
export { parseNpy, toNpy } from './data/npy.js'
export { parseNpz } from './data/npz.js'
export { parsePoints, type Source, toSource } from './data/parsePoints.js'
export { type Points, selectRows } from './data/points.js'
export { defaultShares, type Shares, type Splits, splitRows } from './data/split.js'
export { logScale, type Standardisation, standardisationOf, standardise, unstandardise } from './data/standardise.js'
export { tabulars } from './data/tabular.js'
export type { TabularDensity } from './data/tabular/tabularDensity.js'
export { curves, toys } from './data/toy.js'

// Training: a fold over batches, that any interruption can resume.
export { type Dataset, entropyBits, generatedDataset, tableDataset, type Use } from './train/dataset.js'
export { type NamedDataset, namedDataset, namedDensities } from './train/datasetName.js'
export { fitSettingsOf, type RunConfig, type RunSettings } from './train/runFolder/config.js'
export { type Disk, type DiskError, nodeDisk } from './train/runFolder/disk.js'
export type { Metric } from './train/runFolder/metrics.js'
export { createRun, latestRun, nextRun, readCheckpoint, readConfig } from './train/runFolder/runFolder.js'
export { cutMetrics, readMetrics, readModel, save as saveRun, saveModel } from './train/runFolder/runFolder.js'
export { type RunFolderError, runFolderErrorMessage } from './train/runFolder/runFolderError.js'
export type { Budget } from './train/budget.js'
export { type Best, type FitContext, type FitSettings, fit, type Progress, start as startOfFit } from './train/fit.js'
export { learningRateAt, type Schedule } from './train/schedule.js'
export { type StepReport, type TrainError, type TrainState, trainErrorMessage } from './train/state.js'
export { defaultOptimiser, type Optimiser, type OptimiserName } from './train/update.js'

// The paper's one-dimensional example.
export * from './experiment/r3Witness.js'
export * from './experiment/steep.js'
export { type SteepFit, type SteepOptions, type SteepResult, steepExperiment } from './experiment/steepRun.js'
export * from './experiment/theorem2Block.js'
export * from './experiment/theorem3Floor.js'

// Other people's programs: oracles to check against, tensors by name, checkpoints; models for ONNX Runtime and PyTorch.
export { type Checked, checkBlock, checkOracle, thresholds } from './interop/check.js'
export { parseOracle } from './interop/oracle.js'
export type { OracleBlock, OracleFile, OracleGradient, OracleNet } from './interop/oracleBlock.js'
export { type OracleError, oracleErrorMessage } from './interop/oracleError.js'
export { type Checkpoint, importErrorMessage, parseCheckpointFile } from './interop/pytorch/checkpoint.js'
export { type Imported, type ImportOptions, importModel } from './interop/pytorch/importModel.js'
export { type NamedArray, parseSafetensors, type Safetensors, toSafetensors } from './interop/safetensors.js'
export { toDensityOnnx, toSamplerOnnx } from './interop/export/onnxModel.js'
export { toTorchModule } from './interop/export/torchModule.js'

// Certificates: proved enclosures of a flow's noise, densities and round trips, and a checker that shares no code with them.
export { certificateText, type Hash } from './certificate/certificate.js'
export type { DenseNet } from './certificate/denseNet.js'
export {
  type ExactFlow,
  exactFlowOf,
  flowEnclosures,
  type PointEnclosure,
  whyNotExact
} from './certificate/flowEnclosures.js'
export { checkCertificate, type Verdict } from './checker/checker.js'

// Pictures, as SVG and PNG.
export { type Density1d, type DensityCurve, density1d, type SampleSet } from './plot/density1d.js'
export { type DensityPair, densityPair, type TitledDensity } from './plot/densityPair.js'
export type { Picture } from './plot/drawing/picture.js'
export { type FunctionFit, type FunctionFit1d, functionFit1d, supError } from './plot/functionFit1d.js'
export { type Course, type LearningCurve, learningCurve } from './plot/learningCurve.js'
export * from './plot/numbers/densityGrid.js'
export { squareAround } from './plot/numbers/frame.js'
export { type GridLine, mapLines, regularGrid } from './plot/numbers/gridLine.js'
export type { Interval } from './plot/numbers/interval.js'
export { type PairPlot, pairPlot } from './plot/pairPlot.js'
export type { PlotError } from './plot/plotError.js'
export { type SamplesPlot, samplesPlot } from './plot/samplesPlot.js'
export { sideBySide } from './plot/sideBySide.js'
export { type GridPanel, type WarpedGrid, warpedGrid } from './plot/warpedGrid.js'

// The commands of `impflow`, and the world that they work in.
export { commands } from './cli/commands.js'
export type { EvaluateRequest } from './cli/commands/density.js'
export type { ExportRequest } from './cli/commands/exportModel.js'
export type { ImportRequest } from './cli/commands/importCheckpoint.js'
export type { SampleRequest } from './cli/commands/sample.js'
export type { TrainRequest } from './cli/commands/train.js'
export type { Env, Terminal } from './cli/env.js'
export type { Failure } from './cli/failure.js'
export { nodeEnv } from './cli/nodeEnv.js'
