import mongoose, { type Connection } from 'mongoose';

/** Where the URL names no database. The operational store has one of its own: it is backed up, read models are not. */
const DATABASE = 'verbatim_read_models';

const databaseIn = (url: string): string | undefined => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];

/**
 * What the port promises does not depend on the URL: these settings win over what it says. Nothing is buffered and every
 * wait has an end, so that a server that is away is an error in seconds; the driver looks for it again by itself.
 */
export const connect = async (
  url: string,
  patienceMs: number,
  report: (notice: string) => void,
): Promise<Connection> => {
  const connection = mongoose.createConnection(url, {
    dbName: databaseIn(url) ?? DATABASE,
    appName: 'verbatim',
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: 2 * patienceMs },
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: patienceMs,
    waitQueueTimeoutMS: patienceMs,
    // The driver's least is 500. A server that stops answering is noticed by this and `connectTimeoutMS`.
    heartbeatFrequencyMS: Math.max(patienceMs, 500),
    socketTimeoutMS: 6 * patienceMs,
    maxPoolSize: 20,
  });
  try {
    await connection.asPromise();
  } catch (error) {
    // Its monitors would go on looking for the server.
    await connection.destroy();
    throw error;
  }
  connection.on('disconnected', () => report('The MongoDB of the read models is away.'));
  connection.on('reconnected', () => report('The MongoDB of the read models is back.'));
  // An EventEmitter without a listener for errors throws them.
  connection.on('error', (error: Error) => report(`The MongoDB of the read models: ${error.message}`));
  return connection;
};
