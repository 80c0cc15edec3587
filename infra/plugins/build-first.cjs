const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');

const SHARP = ['sharp-linux-x64', 'sharp-libvips-linux-x64'];

/**
 * `sls package` and `sls deploy` on a clean clone: the functions are bundled from dist, which is built if it is older than src.
 * The images function takes sharp as it is for Lambda, whatever this machine is.
 */
class BuildFirst {
  constructor(serverless) {
    const build = () => {
      if (!SHARP.every((name) => existsSync(`node_modules/@img/${name}`)))
        throw new serverless.classes.Error(
          'The images function needs sharp for linux-x64: npm install --no-save --os=linux --cpu=x64 sharp',
          'SHARP',
        );
      execFileSync('node', ['scripts/build-if-needed.mjs'], { stdio: 'inherit', timeout: 5 * 60_000 });
    };
    this.hooks = { 'before:package:cleanup': build, 'before:deploy:function:initialize': build };
  }
}

module.exports = BuildFirst;
