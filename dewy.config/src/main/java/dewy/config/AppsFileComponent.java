package dewy.config;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers apps from files, and looks at each followed file every second. */
@Component
public final class AppsFileComponent implements AppsFile {
    private static final long PERIOD_SECONDS = 1;

    private final Agent agent;
    private final ScheduledThreadPoolExecutor timer;

    @Activate
    public AppsFileComponent(@Reference Agent agent) {
        this.agent = agent;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> new Thread(null, task, "dewy-config", 256 << 10));
    }

    @Deactivate
    void close() {
        timer.shutdownNow();
    }

    @Override
    public List<AppDefinition> read(Path file) throws DewyException {
        return List.copyOf(AppSet.checked(agent, file, FileText.of(file)).values());
    }

    @Override
    public void follow(Path file) throws DewyException {
        FollowedFile followed = new FollowedFile(file, agent);
        followed.begin();
        var unused = timer.scheduleWithFixedDelay(followed::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public String write(List<AppDefinition> apps) {
        return YamlText.of(apps);
    }
}
