// On every page of somebody who is signed in.
import { begin as watchOutbox } from "./outbox.js";
import { begin as watchSession } from "./session.js";

watchOutbox();
watchSession();
