/*
 * The SVG of a kept figure becomes part of a report, and what is kept may come from elsewhere: scripts, event handlers,
 * links, styles and addresses would be the page's own. So it has to be made of what our charts draw, and of nothing
 * else.
 */

/** One tag or one text; what neither fits is no SVG of ours. */
const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*) ?(\/?)>|([^<]+)/y;

// None that text, images or styles are fetched by, or that is written as characters by number.
const plain = /^(?!.*url)[-+\w.,#%() ]*$/is;
const anyText = /^/;

const values: Readonly<Record<string, RegExp>> = {
  xmlns: /^http:\/\/www\.w3\.org\/2000\/svg$/,
  'aria-label': anyText,
  href: /^data:image\/png;base64,[A-Za-z0-9+/]*={0,2}$/,
  style: /^image-rendering:pixelated$/,
  ...Object.fromEntries(
    [
      'role',
      'aria-hidden',
      'aria-roledescription',
      'class',
      'display',
      'opacity',
      'pointer-events',
      'transform',
      'fill',
      'fill-opacity',
      'stroke',
      'stroke-dasharray',
      'stroke-linecap',
      'stroke-linejoin',
      'stroke-miterlimit',
      'stroke-opacity',
      'stroke-width',
      'font-family',
      'font-size',
      'font-style',
      'font-weight',
      'text-anchor',
      'image-rendering',
      'viewBox',
      'width',
      'height',
      'x',
      'y',
      'x1',
      'x2',
      'y1',
      'y2',
      'dx',
      'dy',
      'cx',
      'cy',
      'r',
      'rx',
      'ry',
      'd',
    ].map((name) => [name, plain]),
  ),
};

const attributes: ReadonlyMap<string, RegExp> = new Map(Object.entries(values));
const elements: ReadonlySet<string> = new Set(['svg', 'g', 'text', 'tspan', 'path', 'rect', 'line', 'circle', 'image']);

/** Whether a text is one whole `<svg>` element of what our charts draw. */
export function isOwnSvg(svg: string): boolean {
  const open: string[] = [];
  for (let at = 0; at < svg.length; at = token.lastIndex) {
    token.lastIndex = at;
    const [, end, name, given = '', empty, characters] = token.exec(svg) ?? [];
    const isInside = open.length > 0;
    if (characters !== undefined && isInside) continue;
    if (name === undefined || !elements.has(name) || isInside !== at > 0) return false;
    if (at === 0 && name !== 'svg') return false;
    if (
      end === '/' ? given !== '' || open.pop() !== name : ![...given.matchAll(/([\w:-]+)="([^"]*)"/g)].every(isAllowed)
    )
      return false;
    if (end === '' && empty === '') open.push(name);
    if (open.length === 0) return token.lastIndex === svg.length;
  }
  return false;
}

function isAllowed([, name, value]: RegExpMatchArray): boolean {
  return attributes.get(name!)?.test(value!) === true;
}
