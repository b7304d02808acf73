import { describeReadStoreContract } from '../contract/read-store-contract.js';
import { MongoReadStore } from './mongo-read-store.js';
import { withMongo } from './testing/with-mongo.js';

withMongo((server) => {
  describeReadStoreContract('the read store in MongoDB', async () => {
    const database = await server.database();
    return { store: await MongoReadStore.open({ url: database.url }), dispose: () => database.drop() };
  });
});
