import { sketchMapping } from '../../insight/imports/index.ts';
import { textBytes } from '../../insight/imports/bytes.ts';
import { verb, type AddVerb } from '../verb.ts';
import { importInWords } from './shared.ts';

const mostBytes = 1 << 20;

/** `weir import sketch`. */
export const addImportSketch: AddVerb = (parent) => {
  parent.command('sketch')
    .description('propose a mapping by looking at the first lines of a log')
    .argument('<file>', 'the log; gzip too')
    .addHelpText('after', '\nWhat has to be decided by a person stands at the top. Save it, mend it, and try it with `weir import log … --dry-run`.\n\nExamples:\n  weir import sketch switch-2025.csv > switch.yaml\n  weir import sketch switch.log.gz --json')
    .action(verb((_: unknown, file: string) => importInWords(async () => {
      let bytes = Buffer.alloc(0);
      for await (const { chunk } of textBytes(file, 0)) {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length >= mostBytes) break;
      }
      // The last line may be cut in two. A letter that is not UTF-8 matters to no column that is recognised.
      const whole = bytes.length < mostBytes ? bytes : bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
      const { text, open } = sketchMapping(whole.toString('utf8'));
      const head = open.length === 0 ? ['# Look it over, then try it with: weir import log FILE --map THIS --owner XX --name NAME --dry-run'] : ['# Decide before it can be used:', ...open.map((line) => `#   ${line}`)];
      return { text: `${head.join('\n')}\n${text.trimEnd()}`, json: { mapping: text, open } };
    })));
};
