/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Prints rest/base/number_table.c, byte for byte. Knows of the library the range of the table, not its content. */
#include "proof/powers.h"

#include "base/number_table.h"

#include <inttypes.h>
#include <stdio.h>

static void print_fives(void)
{
    uint64_t bits[2];

    printf("const tdri_wide tdri_power_of_five[TDRI_POWER_MAX - TDRI_POWER_MIN + 1] = {\n");
    for (int q = TDRI_POWER_MIN; q <= TDRI_POWER_MAX; q++) {
        int cut = tdrt_power_of_five(q, bits);

        if (cut && q >= TDRI_POWER_TIE && q < 0) {
            bits[1]++;
            bits[0] += bits[1] == 0;
        }
        printf("    {0x%016" PRIx64 ", 0x%016" PRIx64 "}, /* %d */\n", bits[0], bits[1], q);
    }
    printf("};\n");
}

static void print_tens(const char *head, const char *unit, int last)
{
    printf("\nconst %s = {\n", head);
    for (int n = 0; n <= last; n++) {
        printf(n % 4 == 0 ? "    1" : " 1");
        for (int i = 0; i < n; i++)
            putchar('0');
        printf("%s,%s", unit, n % 4 == 3 || n == last ? "\n" : "");
    }
    printf("};\n");
}

int main(void)
{
    printf("/* SPDX-License-Identifier: MIT */\n"
           "/* SPDX-FileCopyrightText: the tdrest authors */\n"
           "/* Powers of five and ten; printed by tests/proof/power_table.c, not to be edited. Knows nothing else. */\n"
           "#include \"base/number_table.h\"\n\n");
    print_fives();
    print_tens("uint64_t tdri_ten_uint[20]", "u", 19);
    print_tens("double tdri_ten_double[23]", ".0", 22);
    print_tens("float tdri_ten_float[11]", ".0f", 10);
    return fflush(stdout) == 0 ? 0 : 1;
}
