/** The script of pages where a passkey is shown or added: bytes to and from base64url, and nothing is kept. What it shows is only ever set as text. */
export const passkeyScript = `const box = document.getElementById('passkey');
const at = (id) => document.getElementById(id);

if (box !== null && window.PublicKeyCredential !== undefined) {
  box.hidden = false;
  at('passkeyButton').addEventListener('click', () => void run());
}

async function run() {
  const button = at('passkeyButton');
  button.disabled = true;
  say('');
  try {
    const { use, to } = box.dataset;
    if (use === 'add') await add();
    else await show(use);
    location.assign(use === 'sign-in' ? '/notice?to=' + encodeURIComponent(to) : to);
  } catch (error) {
    say(error instanceof Error && error.name === 'NotAllowedError' ? 'No passkey was shown.' : String(error instanceof Error ? error.message : error));
  } finally {
    button.disabled = false;
  }
}

async function show(use) {
  const { flow, options } = await send('/v1/sign-in/passkey/options', {});
  const key = await navigator.credentials.get({ publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: (options.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  } });
  const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
  const response = {
    ...common(key),
    response: { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), ...(userHandle === null ? {} : { userHandle: text(userHandle) }) },
  };
  await send(use === 'again' ? '/v1/me/again' : '/v1/sign-in/passkey', { flow, passkey: response });
}

async function add() {
  const { flow, options } = await send('/v1/me/passkeys/options', {});
  const key = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  } });
  const { attestationObject, clientDataJSON } = key.response;
  const response = { ...common(key), response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports: key.response.getTransports?.() ?? [] } };
  await send('/v1/me/passkeys', { flow, name: at('passkeyName').value || 'passkey', passkey: response });
}

function common(key) {
  return { id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: key.getClientExtensionResults(), ...(key.authenticatorAttachment == null ? {} : { authenticatorAttachment: key.authenticatorAttachment }) };
}

async function send(address, body) {
  const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail ?? told.title ?? 'The exchange did not take it.');
  return told;
}

function say(words) {
  at('passkeyProblem').textContent = words;
}

function bytes(words) {
  return Uint8Array.from(atob(words.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}

function text(buffer) {
  return btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
`;
