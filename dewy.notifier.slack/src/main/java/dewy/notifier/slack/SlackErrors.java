package dewy.notifier.slack;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.notifier.slack.SlackApi.Answer;
import java.util.Set;

/** What Slack's words for errors mean, and what to do about them. */
final class SlackErrors {
    private static final Set<String> LIMITS = Set.of("ratelimited", "rate_limited", "message_limit_exceeded");
    private static final Set<String> THREADS = Set.of(
            "thread_not_found", "invalid_thread_ts", "cannot_reply_to_message", "thread_locked", "message_not_found");

    private SlackErrors() {}

    /** Returns whether there were too many messages. */
    static boolean isLimit(String error) {
        return LIMITS.contains(error);
    }

    /** Returns whether only the thread is to blame, so that the channel itself may take the message. */
    static boolean isAboutThread(String error) {
        return THREADS.contains(error);
    }

    static DewyException exception(SlackApi api, Answer.Refused refused) {
        String why = "Slack answered " + refused.error();
        return switch (refused.error()) {
            case "not_authed", "invalid_auth", "token_revoked", "token_expired", "account_inactive" ->
                unauthorized(api, why, "Set SLACK_TOKEN to the Bot User OAuth Token of a Slack app that is installed");
            case "not_allowed_token_type" ->
                unauthorized(api, why, "Set SLACK_TOKEN to a bot token, which begins with xoxb-");
            case "missing_scope", "no_permission" ->
                unauthorized(api, why, "Add the scope " + scopes(refused) + " to the Slack app, and install it again");
            case "not_in_channel" -> unauthorized(api, why, "Invite the Slack app to the channel: /invite @<its name>");
            case "access_denied",
                    "team_access_not_granted",
                    "ekm_access_denied",
                    "org_login_required",
                    "restricted_action",
                    "restricted_action_read_only_channel",
                    "restricted_action_thread_only_channel",
                    "restricted_action_non_threadable_channel",
                    "restricted_action_thread_locked",
                    "two_factor_setup_required" ->
                unauthorized(api, why, "Ask who administers the workspace to let the Slack app post there");
            case "channel_not_found" ->
                new NotFoundException(
                        api.problem(why, "Check the channel's name, and invite the Slack app if it is private"));
            case "is_archived" ->
                new InvalidException(api.problem(why, "Restore the channel from the archive, or name another one"));
            case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org" ->
                new UnreachableException(api.problem(why, "Slack has a problem of its own; see its status page"));
            default ->
                new InvalidException(api.problem(why, "Look the word up in Slack's documentation of chat.postMessage"));
        };
    }

    private static DewyException unauthorized(SlackApi api, String why, String advice) {
        Problem problem = api.problem(why, advice);
        return new UnauthorizedException(problem);
    }

    private static String scopes(Answer.Refused refused) {
        return refused.needed().isEmpty() ? "chat:write" : refused.needed();
    }
}
