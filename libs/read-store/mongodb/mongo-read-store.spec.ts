import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { describeReadStoreContract } from '../contract/read-store-contract.js';
import { MongoReadStore } from './mongo-read-store.js';

withMongo((server) => {
  describeReadStoreContract('the read store in MongoDB', async () => {
    const database = server.database();
    return { store: await MongoReadStore.open({ url: database.url }), dispose: () => database.drop() };
  });
});
