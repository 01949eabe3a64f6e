/** The whole engine on one screen: what each input does, then what follows from it. */
import {
  CheckpointScope,
  MessageType,
  OPERATOR_ACTION,
  OperatorAction,
  TradingReason,
  TradingState,
} from "../schemas/index.js";
import { AssertionError } from "./assert.js";
import { emitCheckpoint } from "./emit.js";
import type { Engine } from "./engine.js";
import type { Input } from "./input.js";
import { onConfig } from "./life.js";
import { onBookDelta, onBookSnapshot, onFeedStatus, onQuote, onTrade } from "./market/on-market.js";
import { onModelFit } from "./models/answer.js";
import { askForModels } from "./models/request.js";
import { onFillReport, onOrderFound, onOrderReport, onPositionReport, onReconciled } from "./orders/on-report.js";
import { endSuspension, enforceDailyLoss, moveTradingState, startDay, suspend } from "./risk/trading-state.js";
import { dispatchStop, fireTimers } from "./strategy/dispatch.js";

/** Applies one numbered input to the engine. The same inputs give the same outputs, bit for bit. */
export function apply(engine: Engine, input: Input): void {
  // Before the timers of the life that it begins: they would act on a market nobody knows any more.
  if (input.type === MessageType.Config) onConfig(engine, input);
  fireTimers(engine);
  startDay(engine);
  // biome-ignore format: one arm a line
  switch (input.type) {
    case MessageType.Trade: onTrade(engine, input); break;
    case MessageType.Quote: onQuote(engine, input); break;
    case MessageType.BookDelta: onBookDelta(engine, input); break;
    case MessageType.BookSnapshot: onBookSnapshot(engine, input); break;
    case MessageType.FeedStatus: onFeedStatus(engine, input); break;
    case MessageType.OrderReport: onOrderReport(engine, input); break;
    case MessageType.FillReport: onFillReport(engine, input); break;
    case MessageType.OrderFound: onOrderFound(engine, input); break;
    case MessageType.PositionReport: onPositionReport(engine, input); break;
    case MessageType.Reconciled: onReconciled(engine); break;
    case MessageType.Clock: enforceDailyLoss(engine); break;
    case MessageType.Config: break;
    case MessageType.Operator: onOperator(engine, input); break;
    case MessageType.ModelInput: break;
    case MessageType.ModelFit: onModelFit(engine, input); break;
    default: throw new AssertionError(`message type ${input.type} is not an input`);
  }
  if (engine.regimes.waiting > 0 && !engine.stopped) askForModels(engine);
}

function onOperator(engine: Engine, { views, at }: Input): void {
  // biome-ignore format: one arm a line
  switch (views.u8[at + OPERATOR_ACTION]) {
    case OperatorAction.Halt: moveTradingState(engine, TradingState.Halted, TradingReason.Operator); break;
    case OperatorAction.Resume: moveTradingState(engine, TradingState.Active, TradingReason.Operator); break;
    case OperatorAction.Reduce: moveTradingState(engine, TradingState.Reducing, TradingReason.Operator); break;
    case OperatorAction.Suspend: suspend(engine); break;
    case OperatorAction.Unsuspend: endSuspension(engine); break;
    case OperatorAction.Stop: onStop(engine); break;
  }
}

function onStop(engine: Engine): void {
  dispatchStop(engine);
  emitCheckpoint(engine, CheckpointScope.Full);
  engine.stopped = true;
}
