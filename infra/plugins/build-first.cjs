const { execFileSync } = require('node:child_process');

/** `sls package` and `sls deploy` on a clean clone: the functions are bundled from dist, which is built if it is older than src. */
class BuildFirst {
  constructor() {
    const build = () => {
      execFileSync('node', ['scripts/build-if-needed.mjs'], { stdio: 'inherit', timeout: 5 * 60_000 });
    };
    this.hooks = { 'before:package:cleanup': build, 'before:deploy:function:initialize': build };
  }
}

module.exports = BuildFirst;
