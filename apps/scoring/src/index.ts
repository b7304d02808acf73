export { SCORING_GROUP, ScoringWorker } from './scoring-worker.js';
export { ScoringWorkerModule } from './scoring-worker.module.js';
