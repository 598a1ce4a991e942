/** The arrows between the rooms (docs/architecture.md). A room may import only what its row names. */
const arrows = {
  vocabulary: [],
  model: ['vocabulary'],
  wire: ['vocabulary', 'model'],
  policy: ['vocabulary', 'model'],
  proof: ['vocabulary', 'model', 'policy'],
  templates: [],
  yaml: [],
  verify: [],
  exchange: ['vocabulary', 'model', 'wire', 'policy'],
  registry: ['vocabulary', 'model', 'exchange', 'store'],
  sources: ['vocabulary', 'model', 'exchange', 'yaml'],
  ledger: ['vocabulary', 'model', 'exchange', 'verify'],
  store: ['vocabulary', 'model', 'exchange', 'policy', 'proof', 'verify'],
  people: ['vocabulary', 'model', 'exchange', 'store'],
  approvals: ['vocabulary', 'model', 'exchange', 'policy', 'proof', 'people', 'store', 'verify', 'drawing'],
  review: ['vocabulary', 'model', 'wire', 'policy', 'exchange', 'people', 'store'],
  duties: ['vocabulary', 'model', 'exchange', 'policy', 'registry', 'people', 'store', 'drawing'],
  residents: ['vocabulary', 'model', 'exchange', 'ledger', 'verify', 'people', 'store', 'drawing'],
  pictures: ['exchange'],
  drawing: ['vocabulary'],
  insight: ['vocabulary', 'model', 'policy', 'proof', 'exchange', 'registry', 'ledger', 'drawing', 'publish', 'yaml'],
  publish: ['drawing'],
  server: ['vocabulary', 'model', 'wire', 'exchange', 'registry', 'policy', 'proof', 'sources', 'ledger', 'store', 'people', 'pictures', 'verify', 'drawing', 'insight', 'approvals', 'review', 'duties', 'residents'],
  cli: ['vocabulary', 'model', 'wire', 'exchange', 'registry', 'policy', 'proof', 'sources', 'ledger', 'store', 'people', 'pictures', 'templates', 'yaml', 'server', 'verify', 'drawing', 'insight', 'publish', 'approvals', 'review', 'duties', 'residents'],
};

/** Rooms that do no input or output: no Node module but `node:crypto` for hashes. */
const pure = ['vocabulary', 'model', 'wire', 'policy', 'proof', 'verify', 'yaml'];
const tests = '[.]test[.]ts$|/cases[.]ts$|/testing/';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(arrows).map(([room, allowed]) => ({
      name: `${room}-arrows`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: tests },
      to: { path: '^(src|demo|bench|test)/', pathNot: [`^src/(${[room, ...allowed].join('|')})/`, ...(room === 'cli' || room === 'server' ? ['^demo/'] : [])] },
    })),
    {
      name: 'pure-rooms-do-no-io',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/`, pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    { name: 'demo-uses-only-values', severity: 'error', from: { path: '^demo/', pathNot: tests }, to: { path: '^src/(server|cli|exchange|ledger)/' } },
    { name: 'nothing-undeclared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.json'] },
  },
};
