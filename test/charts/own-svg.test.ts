import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { charts } from '../../src/charts/charts.ts';
import { isOwnSvg } from '../../src/charts/own-svg.ts';
import { examples, hostileExample } from './edge-examples.ts';
import { figuresOf } from './figures-of.ts';

test.each(Object.entries({ ...examples, hostile: hostileExample }))(
  'all that our charts draw of %s is ours',
  async (_, example) => {
    for (const [name, chart] of Object.entries(charts)) {
      for (const { svg } of await figuresOf(chart, example())) expect(isOwnSvg(svg), name).toBe(true);
    }
  },
  60_000,
);

const own =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g fill="none"><text x="1">a &lt; b</text>' +
  '<path d="M0,0"/></g></svg>';

describe('an SVG from elsewhere is not ours', () => {
  const png = 'data:image/png;base64,iVBORw0KGgo=';
  test.each([
    '<script>alert(1)</script>',
    '<foreignObject><p>x</p></foreignObject>',
    '<style>*{display:none}</style>',
    '<a href="https://example.org">x</a>',
    '<use href="https://example.org/x#y"/>',
    '<animate attributeName="href"/>',
    '<set/>',
    '<title><img></title>',
    '<g onload="alert(1)"/>',
    '<g onLoad="x"/>',
    '<image href="https://example.org/x.png"/>',
    '<image xlink:href="https://example.org/x.png"/>',
    '<image href="data:image/svg+xml;base64,AAAA"/>',
    `<image href="${png}" onerror="alert(1)"/>`,
    `<image href='${png}'/>`,
    `<image href=${png}/>`,
    '<g style="background:red"/>',
    '<g fill="url(x)"/>',
    '<g fill="URL(x)"/>',
    '<g fill="&#117;rl(x)"/>',
    '<g fill="\\75rl(x)"/>',
    '<g fill="javascript:x"/>',
    '<!-- x -->',
    '<![CDATA[x]]>',
    '<?x?>',
    '<p>x</p>',
    '<b/>',
    '<G/>',
    '<g/',
    '<',
    '</svg>',
    '</g>',
    '<g>',
    '</svg><script>alert(1)</script><svg>',
  ])('with %s', (piece) => {
    expect(isOwnSvg(own)).toBe(true);
    expect(isOwnSvg(own.replace('<path', `${piece}<path`))).toBe(false);
  });

  test.each([
    '',
    'text',
    `${own} `,
    ` ${own}`,
    own + own,
    own.slice(0, -1),
    own.replace('svg ', 'g '),
    `<!doctype html>${own}`,
    '<svg/>x',
    '</svg>',
  ])('%j', (svg) => {
    expect(isOwnSvg(svg)).toBe(false);
  });

  test('wherever a tag is put', () => {
    fc.assert(
      fc.property(
        fc.nat(own.length),
        fc.constantFrom('<script>', '<b>', '</svg>', '<', '"><i x="', '<g onclick="1">'),
        (at, piece) => {
          const svg = own.slice(0, at) + piece + own.slice(at);
          expect(isOwnSvg(svg), svg).toBe(false);
        },
      ),
    );
  });
});
