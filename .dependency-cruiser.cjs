// apps -> libs/<business> -> ports -> libs/platform. Implementations are chosen in the app's root module alone.
const ROOMS = 'organizations|assessments|candidates|sessions|access|invitations|scoring|cohorts|webhooks';
module.exports = {
  forbidden: [
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'libs-know-no-app', severity: 'error', from: { path: '^(libs|eventstore)/' }, to: { path: '^apps/' } },
    {
      name: 'rooms-by-their-index',
      comment: 'A business room imports another room through its index only.',
      severity: 'error',
      from: { path: `^libs/(${ROOMS})/` },
      to: { path: `^libs/(${ROOMS})/src/(?!index\\.ts$)`, pathNot: '^libs/$1/' },
    },
    {
      name: 'apps-by-index',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: `^libs/(${ROOMS})/src/(?!index\\.ts$)` },
    },
    {
      name: 'rooms-know-ports-only',
      severity: 'error',
      from: { path: `^libs/(${ROOMS}|event-sourcing)/`, pathNot: '\\.spec\\.ts$|/testing/' },
      to: { path: '^(eventstore|libs/(read-store|ops-store))/(?!port/|runner/)' },
    },
    {
      name: 'implementations-chosen-in-the-root',
      severity: 'error',
      from: { path: '^apps/', pathNot: '^apps/[^/]+/src/(root/|main\\.ts)|\\.spec\\.ts$|/testing/' },
      to: { path: '^(eventstore|libs/(read-store|ops-store))/(embedded|eventstoredb|mongodb|node)/' },
    },
    {
      name: 'adapters-know-no-business',
      severity: 'error',
      from: { path: '^(eventstore|libs/(read-store|ops-store))/' },
      to: { path: `^libs/(${ROOMS}|event-sourcing)/` },
    },
    {
      name: 'platform-knows-nobody',
      severity: 'error',
      from: { path: '^libs/platform/' },
      to: { path: '^(libs/(?!platform)|apps|eventstore)/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'Deciders, lifecycles and event lists import nothing but the domain: no Nest, no I/O, no clock.',
      severity: 'error',
      from: { path: '\\.(decider|lifecycle|events|aggregate|state|evolve)\\.ts$' },
      to: {
        path: '@nestjs|rxjs|fastify|^(fs|crypto|timers|worker_threads|path|os)(/|$)|^node:',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'cli-is-a-client',
      severity: 'error',
      from: { path: '^apps/cli/' },
      to: { path: '^(eventstore|libs/(?!platform))/' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(apps|libs|eventstore)/', pathNot: '\\.spec\\.ts$|/contract/|/testing/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    webpackConfig: { fileName: 'tools/arrows.resolve.cjs' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
