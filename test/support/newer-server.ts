// The server of a later release, as far as its lists go: the list of sessions has a version of its own.

import { projections } from '../../apps/api/src/root/rooms.js';
import { main } from '../../apps/api/src/start.js';

const sessions = projections.find(({ name }) => name === 'sessions')!;
Object.assign(sessions, { version: sessions.version + 1 });
await main();
