package dewy.core.app;

import dewy.core.capsule.Investigator;
import dewy.core.event.EventScope;
import dewy.core.journal.AppJournal;
import dewy.core.operation.OperationList;

/**
 * What an app is made of, and all that is done to it works with.
 *
 * @param spec what it is to be
 * @param plugins what it uses
 * @param journal what was done to it
 * @param events where that is told
 * @param timing where its time and its threads come from
 * @param operations where what takes a while is listed
 * @param investigator what keeps the evidence of what fails
 */
record AppParts(
        AppSpec spec,
        AppPlugins plugins,
        AppJournal journal,
        EventScope events,
        Timing timing,
        OperationList operations,
        Investigator investigator) {}
