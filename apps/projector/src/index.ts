export { ExpiredRecords } from './expired-records.js';
export { Projector, type ProjectorCompanion, type ProjectorOptions, type ProjectorStatus } from './projector.js';
export { ProjectorModule, type ProjectorModuleOptions } from './projector.module.js';
