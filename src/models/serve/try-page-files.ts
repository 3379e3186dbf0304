/** The page at `/`. */
export const tryHtml = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Try a model</title>
<link rel="stylesheet" href="/try.css">
<script src="/try.js" defer></script>
<h1 id="name">Try a model</h1>
<p id="takes"></p>
<form id="access" hidden>
  <label>Token of this server <input id="token" type="password" autocomplete="off"></label>
  <button>Use it</button>
</form>
<section id="picture" hidden>
  <canvas id="canvas" aria-label="Draw here, or drop a picture"></canvas>
  <p>
    Draw, or drop a picture, or <label>choose one <input id="file" type="file" accept="image/*"></label>
    <label><input id="invert" type="checkbox"> invert it</label>
    <button id="clear" type="button">Clear</button>
  </p>
</section>
<section id="recording" hidden>
  <label>A recording (WAV), chosen or dropped here <input id="sound" type="file" accept=".wav,audio/wav"></label>
</section>
<form id="table" hidden></form>
<form id="other" hidden>
  <label>A row as JSON <textarea id="row" rows="6" spellcheck="false"></textarea></label>
  <button>Predict</button>
</form>
<p id="problem" role="alert"></p>
<section id="answer" aria-live="polite"></section>
</html>
`;

/** Its style. */
export const tryStyle = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
canvas { width: 280px; border: 1px solid #888; image-rendering: pixelated; touch-action: none; cursor: crosshair }
canvas.over { border-color: #06c }
label { display: inline-block; margin: 0 1rem .5rem 0 }
#table label { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; margin: 0 0 .5rem }
textarea { display: block; width: 100%; box-sizing: border-box; font-family: monospace }
#file, #sound { max-width: 100% }
#problem { color: #c22; white-space: pre-wrap }
.bar { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)) 4rem; gap: .5rem; align-items: center }
.bar meter { width: 100% }
`;

/** Its script. Whatever a model or a server says is put in as text. */
export const tryScript = `'use strict';
const at = (id) => document.getElementById(id);
let [model, token, turn] = [undefined, '', 0];

async function ask(path, body) {
  const headers = token === '' ? {} : { authorization: 'Bearer ' + token };
  const sent = body === undefined ? { headers } : {
    method: 'POST',
    headers: { ...headers, 'content-type': body instanceof Blob ? body.type : 'application/json' },
    body: body instanceof Blob ? body : JSON.stringify(body),
  };
  const answer = await fetch(path, sent);
  at('access').hidden = answer.status !== 401;
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}

function show(error) {
  at('problem').textContent = error === undefined ? '' : error.message;
}

async function predict(row) {
  const mine = ++turn;
  try {
    const { predictions: [said] } = await ask(
      '/invocations', row instanceof Blob ? row : { dataframe_records: [row] });
    if (mine !== turn) return;
    show();
    const each = Object.entries(said.predicted).flatMap(([target, value]) => shown(target, value, said));
    at('answer').replaceChildren(...each);
  } catch (error) {
    if (mine !== turn) return;
    show(error);
    at('answer').replaceChildren();
  }
}

function element(tag, text, more) {
  return Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, more);
}

function shown(target, value, { probabilities }) {
  const text = typeof value === 'object' ? JSON.stringify(value).slice(0, 2000) : value;
  const title = element('h2', target + ': ' + text);
  const all = Object.entries(probabilities[target] ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 10);
  return [title, ...all.map(([name, share]) => {
    const bar = element('div', undefined, { className: 'bar' });
    const percent = (100 * share).toFixed(1) + ' %';
    bar.append(element('span', name), element('meter', undefined, { value: share }), element('span', percent));
    return bar;
  })];
}

function preparePicture({ shape: [height, width, channels], input }) {
  const canvas = Object.assign(at('canvas'), { height, width });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const clear = () => {
    pen.fillStyle = 'black';
    pen.fillRect(0, 0, width, height);
    at('answer').replaceChildren();
  };
  const send = () => {
    const { data } = pen.getImageData(0, 0, width, height);
    const sign = (value) => (at('invert').checked ? 255 - value : value);
    const pixel = (i) => {
      const colours = [0, 1, 2].map((k) => sign(data[i + k]));
      const grey = Math.round(0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2]);
      const values = channels < 3 ? [grey] : colours;
      return channels % 2 === 0 ? [...values, 255] : values;
    };
    const line = (y) => Array.from({ length: width }, (_, x) => pixel(4 * (y * width + x)));
    const rows = Array.from({ length: height }, (_, y) => line(y));
    return predict({ [input]: rows });
  };
  const put = async (file) => {
    // The server prepares it as those that the model learnt from; what is shown here is stretched.
    const isSent = model.anySize && !at('invert').checked;
    if (isSent) predict(file);
    try {
      const picture = await createImageBitmap(file);
      clear();
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(picture, 0, 0, width, height);
      if (!isSent) await send();
    } catch {
      if (isSent) return;
      show(new Error('this is no picture that the browser can read'));
    }
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  let last;
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    draw(event);
  };
  const draw = (event) => {
    if (last === undefined) return;
    const next = place(event);
    Object.assign(pen, { strokeStyle: 'white', lineWidth: Math.max(width, height) / 13, lineCap: 'round' });
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
  };
  canvas.onpointermove = draw;
  canvas.onpointercancel = () => (last = undefined);
  canvas.onpointerup = () => {
    last = undefined;
    send();
  };
  // Wherever it is dropped: the browser would leave the page for the picture.
  document.ondragover = (event) => {
    event.preventDefault();
    canvas.classList.add('over');
  };
  document.ondragleave = () => canvas.classList.remove('over');
  document.ondrop = (event) => {
    event.preventDefault();
    canvas.classList.remove('over');
    if (event.dataTransfer.files.length > 0) put(event.dataTransfer.files[0]);
  };
  at('file').onchange = () => at('file').files.length > 0 && put(at('file').files[0]);
  at('invert').onchange = send;
  at('clear').onclick = clear;
  clear();
}

function prepareTable({ columns }) {
  const fields = columns.map(({ column, categories, mean, isText }) => {
    const value = Number((mean ?? 0).toPrecision(4));
    const input = isText ? { type: 'text' } : { type: 'number', step: 'any', required: true, value };
    const field = categories === undefined
      ? element('input', undefined, input)
      : element('select');
    for (const name of categories ?? []) field.append(element('option', name, { value: name }));
    return [column, field];
  });
  at('table').replaceChildren(
    ...fields.map(([column, field]) => {
      const label = element('label', column);
      label.append(field);
      return label;
    }),
    element('button', 'Predict'),
  );
  at('table').onsubmit = (event) => {
    event.preventDefault();
    predict(Object.fromEntries(fields.map(([column, field]) =>
      [column, field.type === 'number' ? field.valueAsNumber : field.value])));
  };
}

function prepareRecording() {
  const send = (files) => files.length > 0 && predict(new Blob([files[0]], { type: 'audio/wav' }));
  at('sound').onchange = () => {
    send(at('sound').files);
    // The same file can be chosen once more.
    at('sound').value = '';
  };
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    event.preventDefault();
    send(event.dataTransfer.files);
  };
}

function prepareOther() {
  at('other').onsubmit = (event) => {
    event.preventDefault();
    try {
      predict(JSON.parse(at('row').value));
    } catch (error) {
      show(error);
    }
  };
}

const prepare = { picture: preparePicture, recording: prepareRecording, table: prepareTable, other: prepareOther };

async function begin() {
  try {
    model = await ask('/try.json');
    show();
    at('name').textContent = document.title = model.name;
    at('takes').textContent = (model.run === null ? '' : 'Run ' + model.run + '. ') + 'It takes ' + model.takes + '.';
    prepare[model.kind](model);
    at(model.kind).hidden = false;
  } catch (error) {
    show(error);
  }
}

at('access').onsubmit = (event) => {
  event.preventDefault();
  token = at('token').value.trim();
  begin();
};
begin();
`;
