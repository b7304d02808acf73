export { BoardPoller, type BoardPollerOptions } from './board-poller.js';
export type { Incoming } from './incoming.js';
export { ProjectedReadModels, type ReadModelsOptions } from './projected-read-models.js';
export { type BuildProgress, ProjectionBoard } from './projection-board.js';
export { ProjectionBuilds } from './projection-builds.js';
export { ProjectionRunner, type RunnerOptions } from './projection-runner.js';
export { askForRebuild } from './rebuilding.js';
export { type ProjectionStatus, statusOf, storedStatuses } from './status.js';
