/**
 * The schedule kernels as the math module exports them. Arrays lie where exec/layout.ts says, scalars of a tick in the
 * call slots; nothing is checked.
 */
export interface ScheduleExports {
  mulDivFloor(): void;
  drawBelow(): void;
  apportion(lots: number, count: number): void;
  apportionCapped(lots: number, count: number): number;
  capParticipation(count: number, millionths: number): void;
  mergeSmall(count: number, lotsMin: number): void;
  sliceTimes(count: number, startUs: number, widthUs: number): void;
  jitterTimes(count: number, startUs: number, widthUs: number, part: number, seed: number): void;
  jitterLots(count: number, lotsMin: number, part: number, seed: number): void;
  urgency(lambda: number, volatility: number, impact: number, stepDays: number): number;
  trajectory(count: number, step: number): void;
  sumSquares(address: number, count: number): number;
  routeSearch(venues: number, lots: number): number;
}
