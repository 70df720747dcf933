package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    @Test
    void beginsEachColumnAtOnePlaceTwoSpacesBehindTheWidestCell() {
        Table table = new Table("APP", "STATE");
        table.row("a", "watching");
        table.row("long-name", "-");
        assertThat(table)
                .hasToString(
                        """
                APP        STATE
                a          watching
                long-name  -
                """);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 64, 10_000})
    void fitsANameOfAnyLength(int length) {
        Table table = new Table("APP", "STATE");
        table.row("n".repeat(length), "watching");
        List<String> lines = table.toString().lines().toList();
        int column = Math.max("APP".length(), length) + 2;
        assertThat(lines.get(0).substring(column)).isEqualTo("STATE");
        assertThat(lines.get(1).substring(column)).isEqualTo("watching");
    }

    @Test
    void doesNotCountColours() {
        Table table = new Table("STATE", "NEXT");
        table.row(Samples.TERMINAL.good("watching"), "in 8s");
        table.row(Samples.TERMINAL.bad("x"), "now");
        assertThat(table.toString().replaceAll("\u001b\\[\\d*m", ""))
                .isEqualTo(
                        """
                STATE     NEXT
                watching  in 8s
                x         now
                """);
    }
}
