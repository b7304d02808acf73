// Tells the arrow check where package.json "imports" point in the sources (at run time they point into dist/).
const { join } = require('node:path');
const { imports } = require('../package.json');

const source = (target) => join(__dirname, '..', target.replace('./dist/', '').replace(/\.js$/, '.ts'));

module.exports = {
  resolve: {
    extensions: ['.ts', '.js', '.json'],
    conditionNames: ['import', 'node', 'default'],
    extensionAlias: { '.js': ['.ts', '.js'] },
    alias: Object.fromEntries(
      Object.entries(imports).map(([name, target]) =>
        name.endsWith('/*') ? [name.slice(0, -2), source(target.slice(0, -2))] : [`${name}$`, source(target)],
      ),
    ),
  },
};
