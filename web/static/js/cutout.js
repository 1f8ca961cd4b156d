// The picture above the editor: the line of a page as large as reading it needs, the place that is corrected underlined.
const LETTERS = 34; // height of the writing, in pixels
const INK = '#8a6500';

export const lineOf = (sheet, word) => sheet.lines.find(([from, to]) => from <= word && word < to);

export function around(words) {
  const sides = [0, 1, 2, 3].map((side) => words.map((word) => word.box[side]));
  return [Math.min(...sides[0]), Math.min(...sides[1]), Math.max(...sides[2]), Math.max(...sides[3])];
}

// Draws the words `span` of a page (from, to) and what stands beside them, no wider than `width` pixels.
export function draw(canvas, picture, { sheet, span, width }) {
  const [x0, y0, x1, y1] = around(sheet.words.slice(...span));
  const tall = y1 - y0;
  const line = around(sheet.words.slice(...lineOf(sheet, span[0])));
  const scale = Math.min(LETTERS / tall, width / (1.04 * (x1 - x0)));
  const wide = Math.min(width / scale, line[2] - line[0] + tall);
  const high = 1.5 * tall;
  const left = Math.max(line[0] - tall / 2, Math.min((x0 + x1 - wide) / 2, line[2] + tall / 2 - wide));
  const top = (y0 + y1 - high) / 2;
  const dense = scale * Math.max(1, devicePixelRatio); // pixels of the screen for one of the scan
  Object.assign(canvas, { width: wide * dense, height: high * dense });
  Object.assign(canvas.style, { width: `${wide * scale}px`, height: `${high * scale}px` });
  const pen = canvas.getContext('2d');
  const per = picture.naturalWidth / sheet.width;
  pen.drawImage(picture, left * per, top * per, wide * per, high * per, 0, 0, canvas.width, canvas.height);
  pen.fillStyle = INK;
  const thick = 2 * dense / scale;
  pen.fillRect((x0 - left) * dense, Math.min((y1 - top) * dense + thick, canvas.height - thick), (x1 - x0) * dense, thick);
}
