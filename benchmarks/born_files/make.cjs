// Makes files with the PDF libraries of JavaScript: node make.cjs GIVEN.json FOLDER
const fs = require("fs");
const path = require("path");
const given = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const out = (name) => path.join(process.argv[3], name + ".pdf");
const latin = (text) => text.replace(/[^\x20-\x7e]/g, "");
const chunks = (lines) => Array.from({ length: Math.ceil(lines.length / 60) }, (_, n) => lines.slice(60 * n, 60 * n + 60));

async function pdfLib(paper, way) {
  const { PDFDocument, StandardFonts, rgb, cmyk } = require("pdf-lib");
  const doc = await PDFDocument.create();
  doc.registerFontkit(require("@pdf-lib/fontkit"));
  const font = way === "base14" ? await doc.embedFont(StandardFonts.Helvetica)
    : await doc.embedFont(fs.readFileSync(given.sans), { subset: way !== "whole" });
  for (const lines of chunks(paper.lines)) {
    const page = doc.addPage();
    lines.forEach((line, n) => page.drawText(way === "base14" ? latin(line) : line.replace(/\t/g, " "), { x: 40, y: 800 - 12 * n, size: 8, font }));
    if (way === "form") {
      const form = doc.getForm();
      const field = form.createTextField("ten" + doc.getPageCount());
      field.setText("Nguyen Van A");
      field.addToPage(page, { x: 300, y: 60 });
      const box = form.createCheckBox("o" + doc.getPageCount());
      box.addToPage(page, { x: 200, y: 60 });
      box.check();
      const choice = form.createDropdown("khoa" + doc.getPageCount());
      choice.addOptions(["Noi", "Ngoai"]);
      choice.select("Noi");
      choice.addToPage(page, { x: 60, y: 60 });
    }
    if (way === "picture") {
      page.drawImage(await doc.embedPng(fs.readFileSync(given.seal)), { x: 300, y: 80, width: 90, height: 90, opacity: 0.5 });
      page.drawRectangle({ x: 60, y: 60, width: 90, height: 40, color: cmyk(0.1, 0.8, 0.7, 0), borderColor: rgb(0, 0, 1), borderWidth: 2 });
    }
  }
  if (way === "attached") await doc.attach(Buffer.from("a,b\n1,2\n"), "ket-qua.csv", { mimeType: "text/csv" });
  fs.writeFileSync(out(`pdflib-${paper.name}-${way}`), await doc.save({ useObjectStreams: way !== "plain" }));
}

function pdfMake(paper) {
  const Printer = require("pdfmake");
  const printer = new Printer({ A: { normal: given.sans, bold: given.sans } });
  const content = [{ text: paper.title, bold: true, fontSize: 16 }, ...paper.lines, { image: given.photo, width: 80 }, { text: "Tra cứu", link: "https://example.invalid/" }];
  return finished(printer.createPdfKitDocument({ content, defaultStyle: { font: "A", fontSize: 9 }, watermark: "BẢN SAO" }), `pdfmake-${paper.name}`);
}

function pdfKit(paper, way) {
  const Kit = require("pdfkit");
  const doc = new Kit(way === "pdfa" ? { subset: "PDF/A-2b", pdfVersion: "1.7" } : way === "tagged" ? { tagged: true, pdfVersion: "1.7" } : {});
  doc.font(way === "base14" ? "Times-Roman" : given.serif).fontSize(9);
  paper.lines.forEach((line) => doc.text(way === "base14" ? latin(line) : line));
  const shade = doc.linearGradient(60, 60, 160, 60).stop(0, "green", 1).stop(1, "red", 0.2);
  doc.rect(60, 700, 100, 30).fill(shade);
  if (way === "notes") {
    doc.note(300, 60, 20, 20, "Ghi chú").highlight(60, 60, 100, 12).underline(60, 80, 100, 12).strike(60, 90, 100, 12).link(60, 100, 80, 12, "https://example.invalid/");
    doc.rectAnnotation(200, 200, 60, 30).ellipseAnnotation(300, 200, 60, 30).lineAnnotation(200, 300, 300, 330).textAnnotation(200, 350, 100, 20, "Chu y");
  }
  return finished(doc, `pdfkit-${paper.name}-${way}`);
}

function finished(doc, name) {
  return new Promise((done) => {
    const file = fs.createWriteStream(out(name));
    file.on("finish", done);
    doc.pipe(file);
    doc.end();
  });
}

function jsPdf(paper, way) {
  const { jsPDF } = require("jspdf");
  const doc = new jsPDF({ compress: way === "small" });
  if (way !== "base14") {
    doc.addFileToVFS("a.ttf", fs.readFileSync(given.sans).toString("base64"));
    doc.addFont("a.ttf", "a", "normal");
    doc.setFont("a");
  }
  doc.setFontSize(8);
  chunks(paper.lines).forEach((lines, n) => {
    if (n) doc.addPage();
    doc.text(lines.map((line) => (way === "base14" ? latin(line) : line)), 10, 15);
  });
  fs.writeFileSync(out(`jspdf-${paper.name}-${way}`), Buffer.from(doc.output("arraybuffer")));
}

async function main() {
  for (const paper of given.papers) {
    const jobs = [
      ...["plain", "whole", "base14", "form", "picture", "attached"].map((way) => () => pdfLib(paper, way)),
      () => pdfMake(paper),
      ...["plain", "base14", "pdfa", "tagged", "notes"].map((way) => () => pdfKit(paper, way)),
      ...["plain", "small", "base14"].map((way) => () => jsPdf(paper, way)),
    ];
    for (const job of jobs) {
      try { await job(); } catch (error) { console.error(paper.name, String(error).slice(0, 200)); }
    }
  }
}

main();
