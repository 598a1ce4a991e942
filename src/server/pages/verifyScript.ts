/** The script of the page at `/verify`. What it shows is text of a file that anybody may have made: it is only ever set as text. */
export const verifyScript = `import { verifyText } from './modules/browser.js';

const at = (id) => document.getElementById(id);
const words = { unsigned: 'No signature of a key that you trust', badSignature: 'A signature is not good', noQuorum: 'Too few witnesses', malformed: 'Not a file of this kind', missing: 'Something is missing', incomplete: 'Something is left out', noCrypto: 'Not verified' };

at('kind').addEventListener('change', shape);
at('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void verify();
});
shape();

function shape() {
  const kind = at('kind').value;
  at('openingField').hidden = kind !== 'answer' && kind !== 'release';
  at('opening').required = !at('openingField').hidden;
  at('hashField').hidden = kind !== 'proof';
  at('hash').required = !at('hashField').hidden;
  at('verdict').replaceChildren();
}

async function verify() {
  const kind = at('kind').value;
  at('verdict').replaceChildren(line('p', 'Verifying …'));
  try {
    const other = kind === 'proof' ? at('hash').value : at('opening').files.length === 1 ? await textOf('opening') : '';
    show(await verifyText(kind, await textOf('file'), await textOf('policy'), other));
  } catch (error) {
    show({ good: false, code: 'malformed', lines: [String(error instanceof Error ? error.message : error)] });
  }
}

/** As UTF-8 and nothing else: a file of other bytes is refused, and not mended. */
async function textOf(id) {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await at(id).files[0].arrayBuffer());
}

function show({ good, code, lines }) {
  const card = document.createElement('section');
  card.className = good ? 'card good' : 'card bad';
  card.append(line('h2', good ? 'Good' : 'Not good: ' + (words[code] ?? 'something is wrong')), ...lines.map((text) => line('p', text)));
  at('verdict').replaceChildren(card);
}

function line(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
`;
