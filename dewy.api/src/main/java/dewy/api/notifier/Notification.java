package dewy.api.notifier;

import dewy.api.event.Event;

/**
 * Something that people should know.
 *
 * @param text one line for people
 * @param event what it is about, with all details
 */
public record Notification(String text, Event event) {}
