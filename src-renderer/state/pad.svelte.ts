// The drawing pad: what is drawn on it, with undo and redo, and the pen.
import type { Raster } from '../../src-shared/preprocessing/raster.ts';
import { redo, recordEdit, startHistory, undo, type EditHistory } from './editHistory.ts';
import {
  emptySketch,
  isEmpty,
  paintSketch,
  StrokePainter,
  type Picture,
  type Sketch,
  type StrokePoint,
} from './sketch.ts';

export type Ink = 'light' | 'dark';

const brightnessOf: Readonly<Record<Ink, number>> = { light: 255, dark: 0 };
/** Widths of the pen, parts of the longest side of what is drawn on. */
export const penWidths = { minimum: 0.01, maximum: 0.25, standard: 0.085 };

class Pad {
  #history = $state.raw<EditHistory<Sketch>>(startHistory(emptySketch({ height: 1, width: 1 })));
  /** Goes up with every change of the raster, which is changed in place. */
  revision = $state(0);
  ink = $state<Ink>('light');
  /** Part of the longest side of what is drawn on. */
  penWidth = $state(penWidths.standard);
  #stroke = $state.raw<{ painter: StrokePainter; points: StrokePoint[]; ink: number } | null>(null);
  #raster: Raster = paintSketch(this.#history.present);

  get sketch(): Sketch {
    return this.#history.present;
  }

  get picture(): Picture {
    return this.sketch.picture;
  }

  get isEmpty(): boolean {
    return isEmpty(this.sketch) && this.#stroke === null;
  }

  get canUndo(): boolean {
    return this.#history.past.length > 0;
  }

  get canRedo(): boolean {
    return this.#history.future.length > 0;
  }

  get isDrawing(): boolean {
    return this.#stroke !== null;
  }

  /** Half the pen's width in pixels of the picture. */
  get penRadius(): number {
    const { height, width } = this.picture.raster;
    return (this.penWidth / 2) * Math.max(height, width);
  }

  /** What is on the pad now; changes with `revision`. */
  get raster(): Raster {
    return this.#raster;
  }

  /** Puts the pen down. `pressure` is 1 for its whole width. */
  begin(x: number, y: number, pressure: number): void {
    const ink = brightnessOf[this.ink];
    this.#stroke = { painter: new StrokePainter(this.#raster, ink), points: [], ink };
    this.extend(x, y, pressure);
  }

  /** Draws on to there, in pixels of the picture. */
  extend(x: number, y: number, pressure: number): void {
    if (this.#stroke === null) return;
    const point = { x, y, radius: this.penRadius * pressure };
    this.#stroke.points.push(point);
    this.#stroke.painter.extend(point);
    this.revision += 1;
  }

  /** Lifts the pen. */
  end(): void {
    if (this.#stroke === null) return;
    const { points, ink } = this.#stroke;
    this.#stroke = null;
    this.#record({ ...this.sketch, strokes: [...this.sketch.strokes, { points, ink }] });
  }

  /** Takes the place of what is on the pad; undo brings that back. */
  show(picture: Picture): void {
    this.end();
    this.#record({ picture, strokes: [] });
    this.#repaint();
  }

  clear(shape: { height: number; width: number }): void {
    this.end();
    if (isEmpty(this.sketch)) return;
    this.#record(emptySketch(shape));
    this.#repaint();
  }

  /** A pad that nothing is drawn on takes the proportions of the network's images. */
  suit(shape: { height: number; width: number }): void {
    if (!this.isEmpty) return;
    const empty = emptySketch(shape);
    const { height, width } = this.picture.raster;
    if (empty.picture.raster.height === height && empty.picture.raster.width === width) return;
    this.#history = { ...this.#history, present: empty };
    this.#repaint();
  }

  undo(): void {
    this.end();
    this.#history = undo(this.#history);
    this.#repaint();
  }

  redo(): void {
    this.end();
    this.#history = redo(this.#history);
    this.#repaint();
  }

  /** Every stroke and picture is an edit of its own, however fast they follow each other. */
  #record(sketch: Sketch): void {
    this.#history = { ...recordEdit(this.#history, sketch, 'sketch', 0), lastEdit: null };
  }

  #repaint(): void {
    this.#raster = paintSketch(this.sketch);
    this.revision += 1;
  }
}

export const pad = new Pad();
